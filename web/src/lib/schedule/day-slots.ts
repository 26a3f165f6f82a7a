import type { AppointmentMode } from '@health-connect/contract';
import {
  endOf,
  modesOf,
  type ExceptionDraft,
  type HoursDraft,
  type ScheduleDraft,
  WEEKDAYS,
} from './schedule-draft.ts';
import { weekdayOf } from './wall-clock.ts';

/** A time that patients could choose, in wall time. */
export interface PreviewSlot {
  readonly start: string;
  readonly end: string;
  readonly modes: readonly AppointmentMode[];
}

interface Minutes {
  readonly from: number;
  readonly to: number;
}

export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

export const spanOf = ({ start, end }: Pick<HoursDraft, 'start' | 'end'>): Minutes => ({
  from: minutesOf(start),
  to: minutesOf(endOf(end)),
});
export const overlap = (one: Minutes, other: Minutes): boolean => one.from < other.to && other.from < one.to;

function cut(hours: HoursDraft): (PreviewSlot & Minutes)[] {
  const { from, to } = spanOf(hours);
  const [length, pause] = [Number(hours.slotMinutes), Number(hours.breakMinutes)];
  const slots: (PreviewSlot & Minutes)[] = [];
  for (let start = from; start + length <= to; start += length + pause) {
    const end = start + length;
    slots.push({ from: start, to: end, start: timeOf(start), end: timeOf(end), modes: modesOf(hours.modes) });
  }
  return slots;
}

const isOn = ({ from, to }: ExceptionDraft, date: string): boolean => from <= date && date <= to;

/** Everything that a day of a schedule without problems offers while nothing is booked. */
export function slotsOfDate({ week, exceptions }: ScheduleDraft, date: string): PreviewSlot[] {
  const weekday = WEEKDAYS.find((day) => day === weekdayOf(date)) ?? 1;
  const extras = exceptions.filter((exception) => exception.kind === 'extra' && isOn(exception, date));
  const closed = exceptions
    .filter((exception) => exception.kind !== 'extra' && isOn(exception, date))
    .map((exception) => (exception.wholeDay ? { from: 0, to: 24 * 60 } : spanOf(exception)));
  return [...week[weekday], ...extras]
    .flatMap(cut)
    .filter((slot) => !closed.some((span) => overlap(slot, span)))
    .sort((one, other) => one.from - other.from);
}
