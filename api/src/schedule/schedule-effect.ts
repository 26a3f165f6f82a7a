import type { AppointmentMode, Schedule } from '@health-connect/contract';
import { bookableTime } from '../availability/bookable-time.ts';
import { slotsBetween, type ScheduledSlot } from '../availability/slots.ts';

/** What of an appointment decides whether a schedule has a slot for it. */
interface Booked {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly mode: AppointmentMode;
}

const MINUTE_MS = 60_000;

/** Start and length in one number: no slot is as long as half a day. */
const keyOf = ({ startsAt, endsAt }: Pick<Booked, 'startsAt' | 'endsAt'>): number =>
  (startsAt.getTime() / MINUTE_MS) * 1024 + (endsAt.getTime() - startsAt.getTime()) / MINUTE_MS;
const keysOf = (slots: readonly ScheduledSlot[]): ReadonlySet<number> => new Set(slots.map(keyOf));
const countMissing = (keys: ReadonlySet<number>, others: ReadonlySet<number>): number =>
  [...keys].filter((key) => !others.has(key)).length;

/** How many slots a new schedule adds and takes away, over the time that can be booked from now on. */
export function slotChange(before: Schedule, after: Schedule, nowMs: number): { added: number; removed: number } {
  const from = new Date(nowMs);
  const [old, young] = [before, after].map((schedule) =>
    keysOf(slotsBetween(schedule, from, bookableTime(schedule, nowMs).to)),
  );
  if (old === undefined || young === undefined) return { added: 0, removed: 0 };
  return { added: countMissing(young, old), removed: countMissing(old, young) };
}

/** Booked times that have a slot of their mode in the schedule as it was and none in the new one. */
export function leftOut<T extends Booked>(booked: readonly T[], before: Schedule, after: Schedule): T[] {
  if (booked.length === 0) return [];
  const starts = booked.map(({ startsAt }) => startsAt.getTime());
  const from = new Date(starts.reduce((one, other) => Math.min(one, other), Infinity));
  const to = new Date(starts.reduce((one, other) => Math.max(one, other), -Infinity) + 1);
  const [old, young] = [before, after].map(
    (schedule) => new Map(slotsBetween(schedule, from, to).map((slot) => [keyOf(slot), slot.modes])),
  );
  const isIn = (slots: typeof old, time: Booked): boolean => slots?.get(keyOf(time))?.includes(time.mode) === true;
  return booked.filter((time) => isIn(old, time) && !isIn(young, time));
}
