import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppointmentMode, Schedule } from '@health-connect/contract';
import { noonsOf, schedulesAround, ZONES } from '../testing/schedule-arbitraries.ts';
import { CELL_MS, DAY_MS, slotsByWalking, wallAt } from '../testing/slot-walker.ts';
import { leftOut, slotChange } from './schedule-effect.ts';

interface Time {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly modes: readonly AppointmentMode[];
}
const keyOf = ({ startsAt, endsAt }: Omit<Time, 'modes'>): string => `${startsAt.getTime()}-${endsAt.getTime()}`;

/** Slots from now on until the day in the doctor's zone at which nothing can be booked yet, found by walking. */
function bookable(schedule: Schedule, nowMs: number): Time[] {
  const today = Date.parse(`${wallAt(nowMs, schedule.timeZone).date}T00:00:00Z`);
  const last = new Date(today + schedule.furthestDays * DAY_MS).toISOString().slice(0, 10);
  let endMs = nowMs;
  while (wallAt(endMs, schedule.timeZone).date < last) endMs += CELL_MS;
  return slotsByWalking(schedule, nowMs, endMs).map(({ startMs, endMs: end, modes }) => ({
    startsAt: new Date(startMs),
    endsAt: new Date(end),
    modes,
  }));
}

/** A doctor's schedule, and the zone that they move to. */
const moves = fc
  .tuple(fc.constantFrom(...ZONES), fc.constantFrom(...ZONES))
  .chain(([zone, other]) =>
    noonsOf(zone).chain((noon) => schedulesAround(noon, zone).map((before) => ({ noon, before, other }))),
  );

describe('a doctor who changes zone', () => {
  it('has the same wall times in the other zone, and is told of just the visits that no slot is left for', () => {
    const check = fc.property(moves, ({ noon, before, other }) => {
      const after = { ...before, timeZone: other };
      const [old, young] = [bookable(before, noon), bookable(after, noon)];
      const [oldKeys, youngKeys] = [new Set(old.map(keyOf)), new Set(young.map(keyOf))];
      expect(slotChange(before, after, noon)).toEqual({
        added: young.filter((time) => !oldKeys.has(keyOf(time))).length,
        removed: old.filter((time) => !youngKeys.has(keyOf(time))).length,
      });
      // What is booked is a slot of the schedule as it was, within the time that both walks have looked at.
      const booked = old
        .filter((_, index) => index % 7 === 0)
        .filter(({ startsAt }) => startsAt.getTime() < noon + DAY_MS)
        .flatMap(({ modes, ...time }) => modes.slice(0, 1).map((mode) => ({ ...time, mode })));
      const offered = new Map(young.map((time) => [keyOf(time), time.modes]));
      const lost = booked.filter((time) => offered.get(keyOf(time))?.includes(time.mode) !== true);
      expect(leftOut(booked, before, after)).toEqual(lost);
    });
    fc.assert(check, { numRuns: 100 });
  });

  it('to the zone in which they are already changes nothing', () => {
    const check = fc.property(moves, ({ noon, before }) => {
      expect(slotChange(before, { ...before }, noon)).toEqual({ added: 0, removed: 0 });
    });
    fc.assert(check, { numRuns: 25 });
  });
});
