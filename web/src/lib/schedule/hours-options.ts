import { LEAST_NOTICE_MINUTES } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import type { ModeChoice } from './schedule-draft.ts';

interface Option<T extends string = string> {
  readonly value: T;
  readonly label: string;
}

const SLOT_MINUTES = [5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 120, 180, 240];
const BREAK_MINUTES = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120];
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const NOTICE_MINUTES = [
  ...[LEAST_NOTICE_MINUTES, 120, 240, 480, 720],
  ...[1, 2, 3, 5, 7, 14].map((days) => days * DAY_MINUTES),
];
const FURTHEST_DAYS = [7, 14, 21, 30, 45, 60, 90, 120, 180, 365];

/** The usual choices, and the one that is in force where it is another one. */
function options(usual: readonly number[], chosen: string, words: (value: number) => string): Option[] {
  const values = [...new Set([...usual, Number(chosen)])].sort((one, other) => one - other);
  return values.map((value) => ({ value: String(value), label: words(value) }));
}

const minutes = (n: number): string => m['schedule.minutes']({ n });

/** A span of minutes in the largest unit that tells it whole. */
function spanWords(value: number): string {
  if (value % DAY_MINUTES === 0) return m['schedule.days']({ n: value / DAY_MINUTES });
  return value % HOUR_MINUTES === 0 ? m['schedule.hoursLong']({ n: value / HOUR_MINUTES }) : minutes(value);
}

export const slotOptions = (chosen: string): Option[] => options(SLOT_MINUTES, chosen, minutes);
export const breakOptions = (chosen: string): Option[] =>
  options(BREAK_MINUTES, chosen, (value) => (value === 0 ? m['schedule.noBreak']() : minutes(value)));
export const noticeOptions = (chosen: string): Option[] => options(NOTICE_MINUTES, chosen, spanWords);
export const furthestOptions = (chosen: string): Option[] =>
  options(FURTHEST_DAYS, chosen, (n) => m['schedule.days']({ n }));

export const modeOptions = (): Option<ModeChoice>[] => [
  { value: 'both', label: m['schedule.modeBoth']() },
  { value: 'video', label: m['schedule.modeVideo']() },
  { value: 'chat', label: m['schedule.modeChat']() },
];

/** Every zone that this browser knows, and the one that is in force; an empty one asks for a choice. */
export function zoneOptions(chosen: string): Option[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set([chosen, ...known])].sort().map((zone) => ({
    value: zone,
    label: zone === '' ? m['schedule.chooseZone']() : zone.replaceAll('_', ' '),
  }));
}
