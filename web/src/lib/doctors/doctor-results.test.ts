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

afterEach(() => vi.unstubAllGlobals());

it('shows more doctors, also where one of them moved on between the two pages', async () => {
  serve(({ path }) =>
    path.includes('cursor=')
      ? { doctors: [doctor(2), doctor(3)], total: 3, next: null }
      : { doctors: [doctor(1), doctor(2)], total: 3, next: 'c' },
  );
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
  });
  const directory = Directory.create(call, () => 'Europe/Berlin');
  await directory.show({ sort: 'soonest' });
  render(DoctorResults, { directory, filter: { sort: 'soonest' }, onchange: () => undefined });
  await fireEvent.click(screen.getByText(m['find.moreDoctors']()).closest('button') ?? document.body);
  await expect
    .poll(() => screen.getAllByRole('heading').map(({ textContent }) => textContent))
    .toEqual(['Dr. 1', 'Dr. 2', 'Dr. 3']);
  expect(screen.queryByText(m['find.moreDoctors']())).toBeNull();
});
