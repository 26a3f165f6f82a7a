import type { Schedule, ScheduleEffect } from '@health-connect/contract';

/** Hours of a day, as wall times. */
interface Range {
  readonly start: string;
  readonly end: string;
}

const DAY_MS = 24 * 60 * 60_000;
const WHOLE_DAY: Range = { start: '00:00', end: '24:00' };

/** 1970-01-01 was a Thursday. */
const weekdayOf = (date: string): number => ((Date.parse(`${date}T00:00:00Z`) / DAY_MS + 3) % 7) + 1;
const byStart = (one: Range, other: Range): number => (one.start < other.start ? -1 : 1);

/** When a doctor is away on a date, in order. */
function closedOn(date: string, exceptions: Schedule['exceptions']): Range[] {
  return exceptions
    .flatMap((exception) => {
      if (exception.kind === 'extra' || date < exception.from || exception.to < date) return [];
      return [exception.hours ?? WHOLE_DAY];
    })
    .sort(byStart);
}

/** Whether some of a range is outside of others, which are in order. */
function isOpen({ start, end }: Range, closed: readonly Range[]): boolean {
  let from = start;
  for (const range of closed) {
    if (range.start > from) break;
    if (range.end > from) from = range.end;
  }
  return from < end;
}

/** Whether two ranges have some time in common that is open. */
function meet(one: Range, other: Range, closed: readonly Range[]): boolean {
  const start = one.start > other.start ? one.start : other.start;
  const end = one.end < other.end ? one.end : other.end;
  return start < end && isOpen({ start, end }, closed);
}

const overlapIn = (ranges: readonly Range[], closed: readonly Range[] = []): boolean =>
  ranges.some((one, index) => ranges.slice(index + 1).some((other) => meet(one, other, closed)));

/**
 * Weekdays whose ranges overlap, and dates whose extra hours overlap with one another or with the usual ones. Where the
 * doctor is away there are no slots to be left out: hours that overlap only then are not named.
 */
export function overlapsOf({ workingTimes, exceptions }: Schedule): ScheduleEffect['overlaps'] {
  const weekdays = [1, 2, 3, 4, 5, 6, 7].filter((weekday) =>
    overlapIn(workingTimes.filter((time) => time.weekday === weekday)),
  );
  const extras = exceptions.filter((exception) => exception.kind === 'extra');
  const dates = [...new Set(extras.map(({ date }) => date))].filter((date) => {
    const closed = closedOn(date, exceptions);
    const onDate = extras.filter((extra) => extra.date === date);
    const usual = workingTimes.filter(({ weekday }) => weekday === weekdayOf(date));
    return overlapIn(onDate, closed) || onDate.some((extra) => usual.some((time) => meet(extra, time, closed)));
  });
  return [
    ...weekdays.map((weekday) => ({ weekday, date: null })),
    ...dates.sort().map((date) => ({ weekday: null, date })),
  ];
}
