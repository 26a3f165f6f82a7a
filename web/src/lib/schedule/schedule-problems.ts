import { CELL_MINUTES } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { minutesOf, overlap, spanOf } from './day-slots.ts';
import {
  endOf,
  WEEKDAYS,
  type ExceptionDraft,
  type HoursDraft,
  type ScheduleDraft,
  type Weekday,
} from './schedule-draft.ts';
import { rangeWords, weekdayName, weekdayOf } from './wall-clock.ts';

/** What is wrong with a field, and where it is to be found. */
export interface ScheduleProblem {
  /** Id of the field. */
  readonly id: string;
  readonly text: string;
  readonly place:
    | { readonly tab: 'zone' }
    | { readonly tab: 'week'; readonly weekday: Weekday }
    | { readonly tab: 'exceptions'; readonly key: string };
}

/** The id of the field of the zone. */
export const ZONE_FIELD = 'schedule-zone';

interface FieldProblem {
  readonly field: 'start' | 'end' | 'from' | 'to';
  readonly text: string;
}

/** The id of a field of a row of hours or of an exception. */
export const fieldId = (key: string, field: FieldProblem['field'] | 'slot' | 'break' | 'mode' | 'note'): string =>
  `${key}-${field}`;

const offGrid = (time: string): boolean => minutesOf(time) % CELL_MINUTES !== 0;

function timesProblem({ start, end }: HoursDraft): FieldProblem | undefined {
  for (const [field, time] of [['start', start] as const, ['end', end] as const]) {
    if (time === '') return { field, text: m['schedule.needTime']() };
    if (offGrid(time)) return { field, text: m['schedule.needGrid']() };
  }
  return start < endOf(end) ? undefined : { field: 'end', text: m['schedule.needLater']() };
}

function hoursProblem(hours: HoursDraft, earlier: readonly HoursDraft[]): FieldProblem | undefined {
  const wrong = timesProblem(hours);
  if (wrong !== undefined) return wrong;
  const span = spanOf(hours);
  if (span.to - span.from < Number(hours.slotMinutes)) return { field: 'end', text: m['schedule.needLonger']() };
  const other = earlier.find((one) => timesProblem(one) === undefined && overlap(spanOf(one), span));
  return other === undefined
    ? undefined
    : { field: 'start', text: m['schedule.overlaps']({ hours: rangeWords(other.start, endOf(other.end)) }) };
}

function exceptionProblem(draft: ScheduleDraft, index: number): FieldProblem | undefined {
  const exception = draft.exceptions[index];
  if (exception === undefined) return undefined;
  if (exception.from === '') return { field: 'from', text: m['schedule.needDay']() };
  if (exception.kind !== 'extra') {
    if (exception.to === '') return { field: 'to', text: m['schedule.needDay']() };
    if (exception.to < exception.from) return { field: 'to', text: m['schedule.needLastDay']() };
    return exception.wholeDay ? undefined : timesProblem(exception);
  }
  const weekday = WEEKDAYS.find((day) => day === weekdayOf(exception.from));
  const sameDay = (other: ExceptionDraft): boolean => other.kind === 'extra' && other.from === exception.from;
  const usual = weekday === undefined ? [] : draft.week[weekday];
  return hoursProblem(exception, [...usual, ...draft.exceptions.slice(0, index).filter(sameDay)]);
}

/** The problem in a summary, where it does not stand at its day. */
export const summaryWords = ({ text, place }: ScheduleProblem): string =>
  place.tab === 'week' ? m['schedule.problemOn']({ day: weekdayName(place.weekday), problem: text }) : text;

/** Everything that keeps a draft from being a schedule, each at its field: the first problem of each row. */
export function problemsOf(draft: ScheduleDraft): ScheduleProblem[] {
  const week = WEEKDAYS.flatMap((weekday) =>
    draft.week[weekday].flatMap((hours, index, rows): ScheduleProblem[] => {
      const wrong = hoursProblem(hours, rows.slice(0, index));
      if (wrong === undefined) return [];
      return [{ id: fieldId(hours.key, wrong.field), text: wrong.text, place: { tab: 'week', weekday } }];
    }),
  );
  const exceptions = draft.exceptions.flatMap((exception, index): ScheduleProblem[] => {
    const wrong = exceptionProblem(draft, index);
    if (wrong === undefined) return [];
    return [
      { id: fieldId(exception.key, wrong.field), text: wrong.text, place: { tab: 'exceptions', key: exception.key } },
    ];
  });
  const zone: ScheduleProblem[] =
    draft.timeZone === '' ? [{ id: ZONE_FIELD, text: m['schedule.needZone'](), place: { tab: 'zone' } }] : [];
  return [...zone, ...week, ...exceptions];
}
