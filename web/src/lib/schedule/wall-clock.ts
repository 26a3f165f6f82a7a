import { dateIn } from '../i18n/calendar-date.ts';
import { formatLocale, unbrokenTime, viewerZone } from '../i18n/format.ts';
import { serverClock } from '../server-clock.ts';

// Dates and wall times of a schedule belong to no instant: they are formatted as if in UTC.
const DAY_MS = 86_400_000;
/** 1 January 2024 was a Monday. */
const A_MONDAY_MS = Date.UTC(2024, 0, 1);

const format = (ms: number, options: Intl.DateTimeFormatOptions): string =>
  unbrokenTime(new Intl.DateTimeFormat(formatLocale(), { timeZone: 'UTC', ...options }), ms);

/** "Monday" for 1, in the reader's language. */
export const weekdayName = (weekday: number): string =>
  format(A_MONDAY_MS + (weekday - 1) * DAY_MS, { weekday: 'long' });

/** "Mon" for 1. */
export const shortWeekdayName = (weekday: number): string =>
  format(A_MONDAY_MS + (weekday - 1) * DAY_MS, { weekday: 'short' });

/** "9:00 AM" for `09:00`, as the reader writes times. */
export const wallTimeWords = (time: string): string =>
  format(Date.parse(`1970-01-01T${time === '24:00' ? '00:00' : time}:00Z`), { hour: 'numeric', minute: '2-digit' });

/** "9:00 AM – 12:30 PM". */
export const rangeWords = (start: string, end: string): string => `${wallTimeWords(start)} – ${wallTimeWords(end)}`;

/** "Mon, 4 May 2026" for `2026-05-04`. */
export const dateWords = (date: string): string =>
  format(Date.parse(`${date}T00:00:00Z`), { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });

/** ISO weekday of a date: 1 is Monday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/** The calendar day of now in a zone, `YYYY-MM-DD`. */
export const todayIn = (timeZone: string): string =>
  dateIn(timeZone === '' ? viewerZone() : timeZone, serverClock.now());
