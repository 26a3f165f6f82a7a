import type { AppointmentMode, Schedule, ScheduleException, WorkingTime } from '@health-connect/contract';

/** Monday to Sunday, as ISO counts them. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export type ModeChoice = 'both' | AppointmentMode;

/** A range of hours as its fields hold it: times `HH:MM` or empty, numbers as text. */
export interface HoursDraft {
  /** Of the row, as long as the page is open; part of the ids of its fields. */
  readonly key: string;
  start: string;
  /** `00:00` is the end of the day. */
  end: string;
  slotMinutes: string;
  breakMinutes: string;
  modes: ModeChoice;
}

/** A date that differs, as its fields hold it; which of them count depends on `kind` and `wholeDay`. */
export interface ExceptionDraft extends HoursDraft {
  kind: ScheduleException['kind'];
  from: string;
  to: string;
  wholeDay: boolean;
  note: string;
}

/** A schedule as the editor holds it. */
export interface ScheduleDraft {
  /** Empty as long as the doctor has to choose one. */
  timeZone: string;
  week: Record<Weekday, HoursDraft[]>;
  exceptions: ExceptionDraft[];
  minimumNoticeMinutes: string;
  furthestDays: string;
  confirmation: Schedule['confirmation'];
}

const MIDNIGHT = '00:00';
const DAY_END = '24:00';
const USUAL: Omit<HoursDraft, 'key'> = {
  start: '09:00',
  end: '12:00',
  slotMinutes: '20',
  breakMinutes: '0',
  modes: 'both',
};

let lastKey = 0;
/** A key for a row that has none on this page yet. */
export const newKey = (): string => `h${(lastKey += 1)}`;

/** A time field knows no 24:00: the end of a day is written as midnight. */
const fieldEnd = (end: string): string => (end === DAY_END ? MIDNIGHT : end);
/** The end as schedules have it, also for comparing. */
export const endOf = (end: string): string => (end === MIDNIGHT ? DAY_END : end);

const modeChoice = (modes: readonly AppointmentMode[]): ModeChoice =>
  modes.length > 1 ? 'both' : (modes[0] ?? 'both');
/** The ways of meeting that a choice stands for. */
export const modesOf = (choice: ModeChoice): AppointmentMode[] => (choice === 'both' ? ['video', 'chat'] : [choice]);

type Cut = Pick<WorkingTime, 'start' | 'end' | 'slotMinutes' | 'breakMinutes' | 'modes'>;

const hoursDraft = ({ start, end, slotMinutes, breakMinutes, modes }: Cut): HoursDraft => ({
  key: newKey(),
  start,
  end: fieldEnd(end),
  slotMinutes: String(slotMinutes),
  breakMinutes: String(breakMinutes),
  modes: modeChoice(modes),
});

const cutOf = ({ start, end, slotMinutes, breakMinutes, modes }: HoursDraft): Cut => ({
  start,
  end: endOf(end),
  slotMinutes: Number(slotMinutes),
  breakMinutes: Number(breakMinutes),
  modes: modesOf(modes),
});

/** Hours for a day that has none after `before`; they follow what the day, or the week, has already. */
export function newHours(before: HoursDraft | undefined): HoursDraft {
  if (before === undefined) return { ...USUAL, key: newKey() };
  return { ...before, key: newKey(), start: before.end === MIDNIGHT ? '' : before.end, end: '' };
}

/** An exception on a day, to be filled in. */
export function newException(kind: ScheduleException['kind'], date: string, usual: HoursDraft | undefined) {
  const exception: ExceptionDraft = {
    ...(usual ?? USUAL),
    key: newKey(),
    kind,
    from: date,
    to: date,
    wholeDay: true,
    // Extra hours lie beside the usual ones: only the doctor knows where.
    ...(kind === 'extra' ? { start: '', end: '' } : {}),
    note: '',
  };
  return exception;
}

const exceptionDraft = (exception: ScheduleException): ExceptionDraft => {
  if (exception.kind === 'extra') {
    const { kind, date, note } = exception;
    return { ...hoursDraft(exception), kind, from: date, to: date, wholeDay: false, note };
  }
  const { kind, from, to, hours, note } = exception;
  const times = hours === null ? {} : { start: hours.start, end: fieldEnd(hours.end) };
  return { ...USUAL, ...times, key: newKey(), kind, from, to, wholeDay: hours === null, note };
};

const exceptionOf = (draft: ExceptionDraft): ScheduleException => {
  const { kind, from, to, wholeDay, start, end, note } = draft;
  if (kind === 'extra') return { kind, date: from, ...cutOf(draft), note };
  return { kind, from, to, hours: wholeDay ? null : { start, end: endOf(end) }, note };
};

/** The fields of a schedule. @param isUnclear whether nobody knows in which zone it is meant */
export function draftOf(schedule: Schedule, isUnclear = false): ScheduleDraft {
  const day = (weekday: Weekday): HoursDraft[] =>
    schedule.workingTimes
      .filter((time) => time.weekday === weekday)
      .sort((one, other) => one.start.localeCompare(other.start))
      .map(hoursDraft);
  return {
    timeZone: isUnclear ? '' : schedule.timeZone,
    week: { 1: day(1), 2: day(2), 3: day(3), 4: day(4), 5: day(5), 6: day(6), 7: day(7) },
    exceptions: schedule.exceptions.map(exceptionDraft).sort((one, other) => one.from.localeCompare(other.from)),
    minimumNoticeMinutes: String(schedule.minimumNoticeMinutes),
    furthestDays: String(schedule.furthestDays),
    confirmation: schedule.confirmation,
  };
}

/** The schedule that the fields make; to be asked only when they have no problem. */
export function scheduleOf(draft: ScheduleDraft): Schedule {
  return {
    timeZone: draft.timeZone,
    workingTimes: WEEKDAYS.flatMap((weekday) => draft.week[weekday].map((hours) => ({ weekday, ...cutOf(hours) }))),
    exceptions: draft.exceptions.map(exceptionOf),
    minimumNoticeMinutes: Number(draft.minimumNoticeMinutes),
    furthestDays: Number(draft.furthestDays),
    confirmation: draft.confirmation,
  };
}

/** Puts the hours of one weekday in the place of those of others. */
export function copyDay(draft: ScheduleDraft, from: Weekday, to: readonly Weekday[]): void {
  for (const weekday of to) draft.week[weekday] = draft.week[from].map((hours) => ({ ...hours, key: newKey() }));
}

/** Whether two drafts make the same schedule. */
export const sameSchedule = (one: ScheduleDraft, other: ScheduleDraft): boolean =>
  JSON.stringify(scheduleOf(one)) === JSON.stringify(scheduleOf(other));
