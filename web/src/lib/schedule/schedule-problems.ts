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
import { exceptionWords } from './exception-words.ts';
import { rangeWords, weekdayName, weekdayOf } from './wall-clock.ts';

/** What is wrong with a field, and where it is to be found. */
export interface ScheduleProblem {
  /** Id of the field. */
  readonly id: string;
  readonly text: string;
  /** The day or the exception, for a summary. */
  readonly where: string;
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

function timeProblem(field: 'start' | 'end', time: string): FieldProblem[] {
  const missing = field === 'start' ? m['schedule.needStart']() : m['schedule.needEnd']();
  if (time === '') return [{ field, text: missing }];
  return offGrid(time) ? [{ field, text: m['schedule.needGrid']() }] : [];
}

function timesProblems({ start, end }: HoursDraft): FieldProblem[] {
  const wrong = [...timeProblem('start', start), ...timeProblem('end', end)];
  if (wrong.length > 0 || start < endOf(end)) return wrong;
  return [{ field: 'end', text: m['schedule.needLater']() }];
}

function hoursProblems(hours: HoursDraft, earlier: readonly HoursDraft[]): FieldProblem[] {
  const wrong = timesProblems(hours);
  if (wrong.length > 0) return wrong;
  const span = spanOf(hours);
  if (span.to - span.from < Number(hours.slotMinutes)) return [{ field: 'end', text: m['schedule.needLonger']() }];
  const other = earlier.find((one) => timesProblems(one).length === 0 && overlap(spanOf(one), span));
  return other === undefined
    ? []
    : [{ field: 'start', text: m['schedule.overlaps']({ hours: rangeWords(other.start, endOf(other.end)) }) }];
}

function exceptionProblems(draft: ScheduleDraft, index: number): FieldProblem[] {
  const exception = draft.exceptions[index];
  if (exception === undefined) return [];
  if (exception.from === '') return [{ field: 'from', text: m['schedule.needDay']() }];
  if (exception.kind !== 'extra') {
    if (exception.to === '') return [{ field: 'to', text: m['schedule.needDay']() }];
    if (exception.to < exception.from) return [{ field: 'to', text: m['schedule.needLastDay']() }];
    return exception.wholeDay ? [] : timesProblems(exception);
  }
  const weekday = WEEKDAYS.find((day) => day === weekdayOf(exception.from));
  const sameDay = (other: ExceptionDraft): boolean => other.kind === 'extra' && other.from === exception.from;
  const usual = weekday === undefined ? [] : draft.week[weekday];
  return hoursProblems(exception, [...usual, ...draft.exceptions.slice(0, index).filter(sameDay)]);
}

/** The problem in a summary, where it does not stand at its day. */
export const summaryWords = ({ text, where }: ScheduleProblem): string =>
  m['schedule.problemOn']({ where, problem: text });

/** Everything that keeps a draft from being a schedule, each at its field. */
export function problemsOf(draft: ScheduleDraft): ScheduleProblem[] {
  const week = WEEKDAYS.flatMap((weekday) =>
    draft.week[weekday].flatMap((hours, index, rows) =>
      hoursProblems(hours, rows.slice(0, index)).map(({ field, text }): ScheduleProblem => {
        const place = { tab: 'week' as const, weekday };
        return { id: fieldId(hours.key, field), text, where: weekdayName(weekday), place };
      }),
    ),
  );
  const exceptions = draft.exceptions.flatMap((exception, index) => {
    const { kind, when } = exceptionWords(exception);
    const where = when === '' ? kind : m['schedule.exceptionNamed']({ kind, when });
    return exceptionProblems(draft, index).map(({ field, text }): ScheduleProblem => {
      const place = { tab: 'exceptions' as const, key: exception.key };
      return { id: fieldId(exception.key, field), text, where, place };
    });
  });
  const zone: ScheduleProblem[] =
    draft.timeZone === ''
      ? [{ id: ZONE_FIELD, text: m['schedule.needZone'](), where: m['schedule.zoneField'](), place: { tab: 'zone' } }]
      : [];
  return [...zone, ...week, ...exceptions];
}
