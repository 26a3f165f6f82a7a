import type { Appointment } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { answeredAppointment } from '../appointments/testing/appointment.ts';
import { dateIn } from '../i18n/calendar-date.ts';
import { viewerZone } from '../i18n/format.ts';
import { m } from '../paraglide/messages.js';
import { accountOf } from '../session/testing/account.ts';
import { putServerAhead } from '../testing/server-ahead.ts';
import DoctorHome from './DoctorHome.svelte';
import WeekView from './WeekView.svelte';

/** A Sunday, half a minute before midnight where this runs. */
const LATE = new Date(2090, 4, 7, 23, 59, 30);
const visitAt = (startsAt: Date, id: string, name: string): Appointment => {
  const visit = answeredAppointment(startsAt.toISOString(), { id: id.repeat(24), myParty: 'doctor' });
  return { ...visit, patient: { ...visit.patient, name } };
};
const VISITS = [
  visitAt(new Date(2090, 4, 7, 10), '1', 'Ana Souza'),
  visitAt(new Date(2090, 4, 8, 10), '2', 'Ben Adler'),
];
const withOpenDoor = (visit: Appointment): Appointment => ({ ...visit, door: { ...visit.door, state: 'open' } });

beforeEach(() => vi.useFakeTimers({ now: LATE, shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  putServerAhead(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page of a doctor with a visit on Sunday and one on Monday. */
async function show<P extends object>(
  component: ComponentProps<typeof WithApp<P>>['component'],
  given: P,
  visits: readonly Appointment[] = VISITS,
) {
  let daysFail = false;
  serve(({ path }) => {
    if (path.endsWith('/me')) return { account: accountOf('doctor') };
    if (path.includes('/unsigned')) return { visits: [] };
    const { pathname, searchParams } = new URL(path, 'https://clinic.org');
    if (pathname.includes('/notifications')) return { notifications: [], unread: 0, next: null };
    const [from, days] = [searchParams.get('from'), Number(searchParams.get('days'))];
    if (from === null) return { appointments: [] };
    if (daysFail) return refused('unavailable');
    const dates = Array.from({ length: days }, (_day, index) =>
      dateIn('UTC', Date.parse(`${from}T12:00:00Z`) + index * 86_400_000),
    );
    return {
      appointments: visits.filter(({ startsAt }) => dates.includes(dateIn(viewerZone(), Date.parse(startsAt)))),
      isWhole: true,
    };
  });
  const app = App.create();
  await app.session.load();
  render(WithApp<P>, { app, component, given });
  return { failDays: (fail: boolean): void => void (daysFail = fail) };
}

it('goes on to the next day at midnight', async () => {
  await show(DoctorHome, {});
  expect(await screen.findByText('Ana Souza')).toBeTruthy();
  expect(screen.queryByText('Ben Adler')).toBeNull();
  vi.advanceTimersByTime(30_000);
  flushSync();
  expect(await screen.findByText('Ben Adler')).toBeTruthy();
  expect(screen.queryByText('Ana Souza')).toBeNull();
});

it('keeps what runs over midnight, and has what begins after it as soon as its door is open', async () => {
  const over = withOpenDoor(visitAt(new Date(2090, 4, 7, 23, 50), '3', 'Cem Yılmaz'));
  const soon = withOpenDoor(visitAt(new Date(2090, 4, 8, 0, 10), '4', 'Dora Klein'));
  await show(DoctorHome, {}, [...VISITS, over, soon]);
  expect(await screen.findByText('Cem Yılmaz')).toBeTruthy();
  expect(screen.getByText('Dora Klein').closest('li')?.textContent).toContain(m['appointment.tomorrow']());
  const ways = (): (string | null)[] =>
    screen.getAllByRole('link', { name: /^Join now/ }).map((link) => link.getAttribute('href'));
  expect(ways()).toEqual([over, soon].map(({ id }) => `/consultation/${id}`));
  vi.advanceTimersByTime(30_000);
  flushSync();
  expect(await screen.findByText('Ben Adler')).toBeTruthy();
  expect(ways()).toEqual([over, soon].map(({ id }) => `/consultation/${id}`));
  expect(screen.getByText('Dora Klein').closest('li')?.textContent).not.toContain(m['appointment.tomorrow']());
  expect(screen.queryByText('Ana Souza')).toBeNull();
});

it('shows no visit of yesterday where those of the new day cannot be read', async () => {
  const { failDays } = await show(DoctorHome, {});
  expect(await screen.findByText('Ana Souza')).toBeTruthy();
  failDays(true);
  vi.advanceTimersByTime(30_000);
  flushSync();
  expect(await screen.findByText(m['net.serverDown']())).toBeTruthy();
  expect(screen.queryByText('Ana Souza')).toBeNull();
  failDays(false);
  await fireEvent.click(screen.getByRole('button', { name: m['action.tryAgain']() }));
  expect(await screen.findByText('Ben Adler')).toBeTruthy();
});

it('shows the day that it is by the clock of the server', async () => {
  putServerAhead(6 * 3_600_000);
  await show(DoctorHome, {});
  expect(await screen.findByText('Ben Adler')).toBeTruthy();
});

it('of the week goes on to the next day, and to the next week', async () => {
  await show(WeekView, { from: null });
  expect(await screen.findByText('Ana Souza')).toBeTruthy();
  const today = (): string => screen.getByText(m['appointment.today']()).closest('li')?.textContent ?? '';
  expect(today()).toContain('Ana Souza');
  vi.advanceTimersByTime(30_000);
  flushSync();
  expect(await screen.findByText('Ben Adler')).toBeTruthy();
  expect(today()).toContain('Ben Adler');
});
