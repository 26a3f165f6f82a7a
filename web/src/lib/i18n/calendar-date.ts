import { formatLocale } from './format.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Calendar dates are `YYYY-MM-DD`, without a zone. */
const instantOf = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** The date that a zone's calendar shows at an instant, which may be given in ms since the epoch. */
export function dateIn(zone: string, instant: Date | number): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

export function addDays(date: string, days: number): string {
  return new Date(instantOf(date).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days the second date is after the first. */
export function daysBetween(first: string, second: string): number {
  return Math.round((instantOf(second).getTime() - instantOf(first).getTime()) / DAY_MS);
}

/** A calendar date in the reader's words. */
export function formatDate(date: string, options: Intl.DateTimeFormatOptions, locale = formatLocale()): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(instantOf(date));
}

/** "Mon 4 May", as short as the language has it. */
export const formatShortDate = (date: string): string =>
  formatDate(date, { weekday: 'short', day: 'numeric', month: 'short' });

/** "Monday, 4 May". */
export const formatLongDate = (date: string): string =>
  formatDate(date, { weekday: 'long', day: 'numeric', month: 'long' });
