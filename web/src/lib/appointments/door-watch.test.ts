import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putServerAhead } from '../testing/server-ahead.ts';
import { appointmentOf } from './testing/appointment.ts';
import { WatchedDoors } from './testing/doors.svelte.ts';

const OPENS_AT = '2030-01-01T10:00:00.000Z';
const early = () => [appointmentOf(OPENS_AT)];
const open = () => [appointmentOf(OPENS_AT, { door: { state: 'open', opensAt: OPENS_AT } })];
/** Looks so far, each so many ms after the one before. */
const looksAfter = (doors: WatchedDoors, steps: readonly number[]): number[] =>
  steps.map((ms) => {
    vi.advanceTimersByTime(ms);
    return doors.looks;
  });

let doors: WatchedDoors | undefined;
beforeEach(() => vi.useFakeTimers({ now: Date.parse(OPENS_AT) - 20_000 }));
afterEach(() => {
  doors?.stop();
  putServerAhead(0);
  vi.useRealTimers();
});

it('looks once the door should be open, and no more when it is', () => {
  doors = WatchedDoors.of(early());
  expect(looksAfter(doors, [20_500, 500])).toEqual([0, 1]);
  doors.show(open());
  expect(looksAfter(doors, [600_000])).toEqual([1]);
});

it('looks again, ever more rarely, while the server says that it is shut', () => {
  doors = WatchedDoors.of(early());
  looksAfter(doors, [21_000]);
  const shown = doors;
  const next = (ms: number): number => {
    shown.show(early());
    return looksAfter(shown, [ms])[0] ?? 0;
  };
  expect([5_000, 15_000, 30_000, 30_000].map(next)).toEqual([2, 3, 4, 5]);
  expect(looksAfter(doors, [29_000])).toEqual([5]);
});

it('does so from the start where the clock here is ahead, and where a look brings nothing', () => {
  vi.setSystemTime(Date.parse(OPENS_AT) + 3_000);
  doors = WatchedDoors.of(early());
  expect(looksAfter(doors, [4_999, 1, 15_000, 30_000])).toEqual([0, 1, 2, 3]);
});

it.each([6, -6])('looks by the clock of the server, whatever this device shows (%d h apart)', (hours) => {
  vi.setSystemTime(Date.now() - hours * 3_600_000);
  putServerAhead(hours * 3_600_000);
  doors = WatchedDoors.of(early());
  expect(looksAfter(doors, [20_000, 2_000])).toEqual([0, 1]);
});

it('does not look before a door that opens in months', () => {
  doors = WatchedDoors.of([appointmentOf('2030-06-01T10:00:00.000Z')]);
  expect(looksAfter(doors, [60_000])).toEqual([0]);
});

it('has nothing to do for what was cancelled', () => {
  doors = WatchedDoors.of([appointmentOf(OPENS_AT, { status: 'cancelled' })]);
  expect(looksAfter(doors, [600_000])).toEqual([0]);
});
