import type { ErrorCode, Schedule } from '@health-connect/contract';
import { Temporal } from 'temporal-polyfill';

const MINUTE_MS = 60_000;

/** From when to when slots of a schedule can be booked now, the end excluded. */
export function bookableTime(schedule: Schedule, nowMs: number): { from: Date; to: Date } {
  const { timeZone, minimumNoticeMinutes, furthestDays } = schedule;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const end = today.add({ days: furthestDays }).toZonedDateTime(timeZone);
  return { from: new Date(nowMs + minimumNoticeMinutes * MINUTE_MS), to: new Date(end.epochMilliseconds) };
}

/** Why a slot cannot be booked now although the doctor offers it; undefined when it can. */
export function notBookable(startsAt: Date, schedule: Schedule, nowMs: number): ErrorCode | undefined {
  const { from, to } = bookableTime(schedule, nowMs);
  if (startsAt < from) return 'slot_too_soon';
  return startsAt >= to ? 'slot_too_far' : undefined;
}
