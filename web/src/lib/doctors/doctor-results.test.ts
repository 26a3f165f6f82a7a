import type { ListedDoctor } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { serve } from '../api/testing/server.ts';
import { m } from '../paraglide/messages.js';
import { Directory } from './directory.svelte.ts';
import DoctorResults from './DoctorResults.svelte';
import { listedDoctorOf } from './testing/listed-doctor.ts';

const doctor = (number: number): ListedDoctor =>
  listedDoctorOf(`Dr. ${number}`, { id: String(number).padStart(24, '0') });

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const call = createApiClient({
  refreshSession: () => Promise.resolve(false),
  onSignInEnded: () => Promise.resolve(false),
});
const asksForSorting = (): boolean => screen.queryByLabelText(m['find.sort']()) !== null;

it('shows more doctors, also where one of them moved on between the two pages', async () => {
  serve(({ path }) =>
    path.includes('cursor=')
      ? { doctors: [doctor(2), doctor(3)], total: 3, next: null }
      : { doctors: [doctor(1), doctor(2)], total: 3, next: 'c' },
  );
  const directory = Directory.create(call, () => 'Europe/Berlin');
  await directory.show({ sort: 'soonest' });
  render(DoctorResults, { directory, filter: { sort: 'soonest' }, onchange: () => undefined });
  await fireEvent.click(screen.getByText(m['find.moreDoctors']()).closest('button') ?? document.body);
  await expect
    .poll(() => screen.getAllByRole('heading').map(({ textContent }) => textContent))
    .toEqual(['Dr. 1', 'Dr. 2', 'Dr. 3']);
  expect(screen.queryByText(m['find.moreDoctors']())).toBeNull();
});

it('sorts nothing where there is nothing, and says once that nobody fits', async () => {
  let found: readonly ListedDoctor[] = [];
  serve(() => ({ doctors: found, total: found.length, next: null }));
  const directory = Directory.create(call, () => 'Europe/Berlin');
  render(DoctorResults, { directory, filter: { sort: 'soonest' }, onchange: () => undefined });
  expect(asksForSorting()).toBe(false);
  await directory.show({ sort: 'soonest' });
  await screen.findByText(m['find.nobody']());
  expect(asksForSorting()).toBe(false);
  expect(screen.getByText(m['find.count']({ n: 0 })).className).toContain('visually-hidden');
  found = [doctor(1)];
  await directory.show({ sort: 'soonest' });
  await screen.findByRole('heading', { name: 'Dr. 1' });
  expect(asksForSorting()).toBe(true);
  expect(screen.getByText(m['find.count']({ n: 1 })).className).not.toContain('visually-hidden');
});

it('leaves what is read in peace without the internet, which the page tells of, and reads anew with it', async () => {
  let isOnline = true;
  serve(() => {
    if (!isOnline) throw new TypeError('Failed to fetch');
    return { doctors: [doctor(1)], total: 1, next: null };
  });
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => isOnline);
  const directory = Directory.create(call, () => 'Europe/Berlin');
  await directory.show({ sort: 'soonest' });
  render(DoctorResults, { directory, filter: { sort: 'soonest' }, onchange: () => undefined });
  isOnline = false;
  await directory.show({ sort: 'name' });
  expect(directory.pages.problem?.kind).toBe('offline');
  await expect
    .poll(() => screen.queryByText(m['find.nextFree']()) ?? screen.queryByText(m['find.noFree']()))
    .toBeNull();
  expect(screen.getByRole('heading', { name: 'Dr. 1' })).toBeTruthy();
  expect(screen.queryByText(m['error.offline']())).toBeNull();
  isOnline = true;
  window.dispatchEvent(new Event('online'));
  await expect.poll(() => directory.pages.problem).toBeUndefined();
});
