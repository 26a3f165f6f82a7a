import { ProductError } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { problemOf } from '../api/problem.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import ProblemPage from './ProblemPage.svelte';

afterEach(() => document.body.replaceChildren());

it('puts the focus at the page that comes in its place, once it is there', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onretry = (): Promise<unknown> => {
    shown.unmount();
    return promise;
  };
  const given = { problem: problemOf(new ProductError('unavailable')), onretry };
  const shown = render(WithApp<ComponentProps<typeof ProblemPage>>, { component: ProblemPage, given });
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
