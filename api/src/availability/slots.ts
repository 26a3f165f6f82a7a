import type { AppointmentMode, Schedule, ScheduleException } from '@health-connect/contract';
import { zonePeriods, type ZonePeriod } from './zone-periods.ts';

/** A slot as the schedule makes it, whatever is booked. */
export interface ScheduledSlot {
  /** Place within the doctor's calendar day, from 1. */
  readonly slotNumber: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Wall time in the schedule's zone. */
  readonly date: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly modes: readonly AppointmentMode[];
}

/** Hours of one calendar day, in minutes from its midnight, and how they are cut. */
interface DayHours {
  readonly start: number;
  readonly end: number;
  readonly slotMinutes: number;
  readonly breakMinutes: number;
  readonly modes: readonly AppointmentMode[];
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Days and minutes of each in which there are no slots. */
interface Closing {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly start: number;
  readonly end: number;
}

/** What of a schedule holds for all of its days. */
interface Exceptions {
  readonly extras: ReadonlyMap<number, DayHours[]>;
  readonly closed: readonly Closing[];
}

interface RawSlot extends Span {
  /** Days since 1970 in the schedule's zone. */
  readonly day: number;
  readonly startMinute: number;
  readonly endMinute: number;
  readonly modes: readonly AppointmentMode[];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** No zone is further from UTC than this. */
const LARGEST_OFFSET_MS = 26 * 60 * MINUTE_MS;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

const overlaps = (one: Span, other: Span): boolean => one.startMs < other.endMs && other.startMs < one.endMs;

/**
 * When the wall clock of a day shows times of [start, end): usually once; in two parts where clocks are set back in
 * between and the first part ended before; never where they are set forward over all of it.
 */
function spansOf(day: number, start: number, end: number, periods: readonly ZonePeriod[]): Span[] {
  const spans: Span[] = [];
  for (const { startMs, endMs, offsetMs } of periods) {
    const wallMs = day * DAY_MS - offsetMs;
    const from = Math.max(startMs, wallMs + start * MINUTE_MS);
    const to = Math.min(endMs, wallMs + end * MINUTE_MS);
    if (from >= to) continue;
    const before = spans.at(-1);
    if (before?.endMs === from) spans[spans.length - 1] = { startMs: before.startMs, endMs: to };
    else spans.push({ startMs: from, endMs: to });
  }
  return spans;
}

function hoursOfDay(schedule: Schedule, extras: ReadonlyMap<number, DayHours[]>, day: number): DayHours[] {
  const weekday = weekdayOf(day);
  const usual = schedule.workingTimes
    .filter((time) => time.weekday === weekday)
    .map(({ start, end, ...cut }) => ({ ...cut, start: minutesOf(start), end: minutesOf(end) }));
  return [...usual, ...(extras.get(day) ?? [])].sort((one, other) => one.start - other.start);
}

function extraHours(exceptions: readonly ScheduleException[]): ReadonlyMap<number, DayHours[]> {
  const extras = new Map<number, DayHours[]>();
  for (const exception of exceptions) {
    if (exception.kind !== 'extra') continue;
    const { date, start, end, slotMinutes, breakMinutes, modes } = exception;
    const hours = { start: minutesOf(start), end: minutesOf(end), slotMinutes, breakMinutes, modes };
    extras.set(dayOf(date), [...(extras.get(dayOf(date)) ?? []), hours]);
  }
  return extras;
}

function closings(exceptions: readonly ScheduleException[]): Closing[] {
  return exceptions.flatMap((exception) => {
    if (exception.kind === 'extra') return [];
    const { from, to, hours } = exception;
    const [start, end] = hours === null ? [0, DAY_MINUTES] : [minutesOf(hours.start), minutesOf(hours.end)];
    return [{ firstDay: dayOf(from), lastDay: dayOf(to), start, end }];
  });
}

/** When the doctor is away on a day, in order and without overlaps, however many exceptions say so. */
function closedSpans(closed: readonly Closing[], day: number, periods: readonly ZonePeriod[]): Span[] {
  const spans = closed
    .filter(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay)
    .flatMap(({ start, end }) => spansOf(day, start, end, periods))
    .sort((one, other) => one.startMs - other.startMs);
  const joined: Span[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before === undefined || before.endMs < span.startMs) joined.push(span);
    else if (before.endMs < span.endMs) joined[joined.length - 1] = { startMs: before.startMs, endMs: span.endMs };
  }
  return joined;
}

const periodAt = (periods: readonly ZonePeriod[], ms: number): ZonePeriod | undefined =>
  periods.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);

/** What the wall clock shows at an instant, in minutes of that day; its end is 1440. */
function wallMinute(periods: readonly ZonePeriod[], ms: number, day: number): number {
  const offsetMs = periodAt(periods, ms)?.offsetMs ?? 0;
  return (ms + offsetMs - day * DAY_MS) / MINUTE_MS;
}

function cut(span: Span, hours: DayHours, day: number, periods: readonly ZonePeriod[]): RawSlot[] {
  const { slotMinutes, breakMinutes, modes } = hours;
  const slots: RawSlot[] = [];
  const lengthMs = slotMinutes * MINUTE_MS;
  const stepMs = lengthMs + breakMinutes * MINUTE_MS;
  for (let startMs = span.startMs; startMs + lengthMs <= span.endMs; startMs += stepMs) {
    const endMs = startMs + lengthMs;
    slots.push({
      startMs,
      endMs,
      day,
      startMinute: wallMinute(periods, startMs, day),
      endMinute: wallMinute(periods, endMs, day),
      modes,
    });
  }
  return slots;
}

/** Slots that touch none of the spans; both are in order. */
function outside(slots: readonly RawSlot[], spans: readonly Span[]): RawSlot[] {
  let next = 0;
  return slots.filter((slot) => {
    while ((spans[next]?.endMs ?? Infinity) <= slot.startMs) next += 1;
    const span = spans[next];
    return span === undefined || !overlaps(slot, span);
  });
}

/** Earlier hours win: what overlaps with a slot that is kept already is left out. */
function withoutOverlaps(slots: readonly RawSlot[]): RawSlot[] {
  const kept: RawSlot[] = [];
  for (const slot of slots) {
    const before = kept.at(-1);
    if (before === undefined || before.endMs <= slot.startMs) kept.push(slot);
  }
  return kept;
}

function slotsOfDay(
  schedule: Schedule,
  { extras, closed }: Exceptions,
  day: number,
  periods: readonly ZonePeriod[],
): RawSlot[] {
  const hours = hoursOfDay(schedule, extras, day);
  if (hours.length === 0) return [];
  const made = hours.flatMap((range) =>
    spansOf(day, range.start, range.end, periods).flatMap((span) => cut(span, range, day, periods)),
  );
  const inOrder = made.sort((one, other) => one.startMs - other.startMs);
  return withoutOverlaps(outside(inOrder, closedSpans(closed, day, periods)));
}

/**
 * Every slot of a schedule that starts in [from, to), in order (R20). Slots have their full length whatever the clocks
 * do: wall times that do not exist are never offered, and those that occur twice are offered twice.
 */
export function slotsBetween(schedule: Schedule, from: Date, to: Date): ScheduledSlot[] {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  if (fromMs >= toMs || schedule.workingTimes.length + schedule.exceptions.length === 0) return [];
  const periods = zonePeriods(schedule.timeZone, fromMs - 2 * LARGEST_OFFSET_MS, toMs + 2 * LARGEST_OFFSET_MS);
  const exceptions = { extras: extraHours(schedule.exceptions), closed: closings(schedule.exceptions) };
  const slots: ScheduledSlot[] = [];
  const lastDay = Math.floor((toMs + LARGEST_OFFSET_MS) / DAY_MS);
  for (let day = Math.floor((fromMs - LARGEST_OFFSET_MS) / DAY_MS); day <= lastDay; day += 1) {
    for (const [index, slot] of slotsOfDay(schedule, exceptions, day, periods).entries()) {
      if (slot.startMs < fromMs || slot.startMs >= toMs) continue;
      slots.push({
        slotNumber: index + 1,
        startsAt: new Date(slot.startMs),
        endsAt: new Date(slot.endMs),
        date: dateOf(slot.day),
        startTime: timeOf(slot.startMinute),
        endTime: timeOf(slot.endMinute),
        modes: slot.modes,
      });
    }
  }
  return slots.sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
}
