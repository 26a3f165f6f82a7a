import { render, screen } from '@testing-library/svelte';
import { flushSync, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import { putServerAhead } from '../testing/server-ahead.ts';
import BookingPanel from './BookingPanel.svelte';
import { newVisit } from './flows.ts';
import { doctorPageOf, slotOf } from './testing/doctor-page.ts';

/** Some minutes before midnight where this runs. */
const LATE = new Date(2090, 4, 5, 23, 56, 30);
/** An hour later. */
const STARTS_AT = new Date(2090, 4, 6, 0, 59, 30).toISOString();
const doctor = doctorPageOf();

beforeEach(() => vi.useFakeTimers({ now: LATE }));
afterEach(() => {
  putServerAhead(0);
  vi.useRealTimers();
});

/** The panel of a visitor, with a chosen time. */
async function show(): Promise<() => string> {
  const app = App.create();
  const flow = newVisit(app.call, doctor.id);
  await flow.choose(STARTS_AT, false);
  const given = {
    doctor,
    flow,
    slot: slotOf('2090-05-06', '00:00', ['video'], { startsAt: STARTS_AT }),
    find: () => Promise.resolve(undefined),
    zone: 'UTC',
    problem: undefined,
    onchoose: () => undefined,
    onbooked: () => undefined,
  };
  const { container } = render(WithApp<ComponentProps<typeof BookingPanel>>, { app, component: BookingPanel, given });
  return () => container.querySelector('.when')?.textContent ?? '';
}

it('says on which day the chosen time is, and after midnight that it is today', async () => {
  const when = await show();
  expect(when()).toContain(m['appointment.tomorrow']());
  vi.advanceTimersByTime(3 * 60_000);
  flushSync();
  expect(when()).toContain(m['appointment.tomorrow']());
  vi.advanceTimersByTime(30_000);
  flushSync();
  expect(when()).toContain(m['appointment.today']());
});

it.each([
  ['ahead', 6, m['appointment.today']],
  ['behind', -6, m['appointment.tomorrow']],
] as const)('says it by the clock of the server, which is hours %s', async (_where, hours, word) => {
  putServerAhead(hours * 3_600_000);
  const when = await show();
  expect(when()).toContain(word());
});

it('leads a visitor through sign-in and sign-up back to the chosen time', async () => {
  await show();
  const ways = [m['welcome.signIn'](), m['welcome.signUp']()].map(
    (name) => new URL(screen.getByRole('link', { name }).getAttribute('href') ?? '', 'https://clinic.org'),
  );
  expect(ways.map(({ pathname }) => pathname)).toEqual(['/login', '/signup']);
  for (const { searchParams } of ways) {
    const back = new URL(searchParams.get('next') ?? '', 'https://clinic.org');
    expect([back.pathname, back.searchParams.get('time')]).toEqual([`/doctors/${doctor.id}`, STARTS_AT]);
  }
});
