import type { ComponentProps } from 'svelte';
import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { App } from '../app/app.svelte.ts';
import { problemOf } from '../api/problem.ts';
import { m } from '../paraglide/messages.js';
import ClinicPhone from './ClinicPhone.svelte';
import ProblemPage from './ProblemPage.svelte';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

it('shows the number of the clinic, ready to be dialled', async () => {
  serve(() => ({ phone: '+49 (30) 123-456' }));
  render(WithApp<Record<string, never>>, { component: ClinicPhone, given: {} });
  const link = (await screen.findByText('+49 (30) 123-456')).closest('a');
  expect(link?.getAttribute('href')).toBe('tel:+4930123456');
});

it('says nothing of a number where the clinic has named none', async () => {
  const asked = serve(() => ({ phone: null }));
  render(WithApp<Record<string, never>>, { component: ClinicPhone, given: {} });
  await expect.poll(() => asked.length).toBe(1);
  expect(screen.queryByText(m['help.phone']())).toBeNull();
});

it('is there when the server is not, as it was told before, until another one is told', async () => {
  serve(() => ({ phone: '030 1234' }));
  await App.create().clinic.load();
  serve(() => refused('unavailable'));
  const app = App.create();
  await app.clinic.load();
  const given = { problem: problemOf(new Error('down')) };
  render(WithApp<ComponentProps<typeof ProblemPage>>, { app, component: ProblemPage, given });
  expect(screen.getByText('030 1234').closest('a')?.getAttribute('href')).toBe('tel:0301234');
  serve(() => ({ phone: null }));
  await app.clinic.load();
  expect(App.create().clinic.phone).toBeUndefined();
});

it('is not told with what is nobody’s failure', async () => {
  serve(() => ({ phone: '030 1234' }));
  const app = App.create();
  await app.clinic.load();
  const given = { problem: { ...problemOf(new Error('down')), kind: 'not-found' as const } };
  render(WithApp<ComponentProps<typeof ProblemPage>>, { app, component: ProblemPage, given });
  expect(screen.queryByText('030 1234')).toBeNull();
});
