import { addDays, dateIn } from '../i18n/calendar-date.ts';

const WEEK_DAYS = 7;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** ISO weekday of a date: 1 is Monday. */
const weekdayOf = (date: string): number => new Date(`${date}T12:00:00Z`).getUTCDay() || WEEK_DAYS;

/** The Monday of a date's week. */
export const mondayOf = (date: string): string => addDays(date, 1 - weekdayOf(date));

/** The Monday that an address asks for; of this week where it asks for none, or for no date. */
export function weekStart(asked: string | null, zone: string, now: Date | number): string {
  const isDate = asked !== null && DATE.test(asked) && !Number.isNaN(Date.parse(`${asked}T12:00:00Z`));
  return mondayOf(isDate ? asked : dateIn(zone, now));
}

/** The seven dates from a Monday on. */
export const datesOf = (monday: string): string[] =>
  Array.from({ length: WEEK_DAYS }, (_date, index) => addDays(monday, index));

export const nextWeek = (monday: string): string => addDays(monday, WEEK_DAYS);
export const weekBefore = (monday: string): string => addDays(monday, -WEEK_DAYS);
