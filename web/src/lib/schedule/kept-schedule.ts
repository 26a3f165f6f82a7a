import { CONFIRMATIONS } from '@health-connect/contract';
import { newKey, type ExceptionDraft, type HoursDraft, type ScheduleDraft } from './schedule-draft.ts';

/** A schedule as it was typed, and the version that it was typed on. */
export interface KeptSchedule {
  readonly version: number;
  readonly draft: ScheduleDraft;
}

type Found = Readonly<Record<string, unknown>>;

const MODES = ['both', 'video', 'chat'] as const;
const KINDS = ['closed', 'vacation', 'extra'] as const;

function found(value: unknown): Found {
  if (typeof value !== 'object' || value === null) throw new TypeError('Not an object');
  return { ...value };
}

function text(of: Found, name: string): string {
  const value = of[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
  return value;
}

function oneOf<T extends string>(options: readonly T[], value: unknown): T {
  const option = options.find((each) => each === value);
  if (option === undefined) throw new TypeError('No such choice');
  return option;
}

function list<T>(value: unknown, read: (item: Found) => T): T[] {
  if (!Array.isArray(value)) throw new TypeError('Not a list');
  return value.map((item) => read(found(item)));
}

const hoursOf = (of: Found): HoursDraft => ({
  key: newKey(),
  start: text(of, 'start'),
  end: text(of, 'end'),
  slotMinutes: text(of, 'slotMinutes'),
  breakMinutes: text(of, 'breakMinutes'),
  modes: oneOf(MODES, of['modes']),
});

const exceptionOf = (of: Found): ExceptionDraft => ({
  ...hoursOf(of),
  kind: oneOf(KINDS, of['kind']),
  from: text(of, 'from'),
  to: text(of, 'to'),
  wholeDay: of['wholeDay'] === true,
  note: text(of, 'note'),
});

function draftOf(of: Found): ScheduleDraft {
  const week = found(of['week']);
  const day = (weekday: number): HoursDraft[] => list(week[weekday], hoursOf);
  return {
    timeZone: text(of, 'timeZone'),
    week: { 1: day(1), 2: day(2), 3: day(3), 4: day(4), 5: day(5), 6: day(6), 7: day(7) },
    exceptions: list(of['exceptions'], exceptionOf),
    minimumNoticeMinutes: text(of, 'minimumNoticeMinutes'),
    furthestDays: text(of, 'furthestDays'),
    confirmation: oneOf(CONFIRMATIONS, of['confirmation']),
  };
}

/** As text, to be kept in the browser. */
export const keptText = (kept: KeptSchedule): string => JSON.stringify(kept);

/** What was kept; anything else that is found there does not count. */
export function readKept(kept: string): KeptSchedule | undefined {
  if (kept === '') return undefined;
  try {
    const { version, draft } = found(JSON.parse(kept));
    return typeof version === 'number' ? { version, draft: draftOf(found(draft)) } : undefined;
  } catch {
    return undefined;
  }
}
