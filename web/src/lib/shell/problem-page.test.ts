import { ProductError } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { problemOf } from '../api/problem.ts';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import { accountOf } from '../session/testing/account.ts';
import ProblemPage from './ProblemPage.svelte';

const show = (given: ComponentProps<typeof ProblemPage>, app: App = App.create()) =>
  render(WithApp<ComponentProps<typeof ProblemPage>>, { app, component: ProblemPage, given });

afterEach(() => document.body.replaceChildren());

it('puts the focus at the page that comes in its place, once it is there', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onretry = (): Promise<unknown> => {
    shown.unmount();
    return promise;
  };
  const shown = show({ problem: problemOf(new ProductError('unavailable')), onretry });
  const again = screen.getByRole('button', { name: m['action.tryAgain']() });
  again.focus();
  await fireEvent.click(again);
  const main = document.createElement('main');
  main.innerHTML = '<h1>Today</h1>';
  document.body.append(main);
  expect(document.activeElement).toBe(document.body);
  resolve(undefined);
  await expect.poll(() => document.activeElement).toBe(main.querySelector('h1'));
});

it.each([
  ['a patient', accountOf('patient'), true],
  ['a doctor who waits for the clinic', { ...accountOf('doctor'), status: 'pending' as const }, false],
  ['an administrator', { ...accountOf('doctor'), role: 'administrator' as const }, false],
  ['a visitor', undefined, false],
])('says to %s where the appointments are only if they have some', async (_who, account, told) => {
  const app = App.create();
  if (account !== undefined) {
    serve(() => ({ account }));
    await app.session.load();
  }
  const { container } = show({ problem: problemOf(new ProductError('not_found')) }, app);
  expect(container.textContent).toContain(m['error.notFound']());
  expect(container.textContent.includes(m['error.notFoundAppointments']())).toBe(told);
});
