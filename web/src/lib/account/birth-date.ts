import { serverClock } from '../server-clock.ts';

/** A date of birth as people type it, in three fields. */
export interface TypedDate {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

const OLDEST_YEARS = 130;

/** The calendar date `YYYY-MM-DD`, or undefined when there is no such day, or it is not yet or too long ago. */
export function birthDateOf(typed: TypedDate, now = new Date(serverClock.now())): string | undefined {
  const [year, month, day] = [typed.year, typed.month, typed.day].map((text) => toNumber(text));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || date > now || year < now.getUTCFullYear() - OLDEST_YEARS) return undefined;
  return date.toISOString().slice(0, 10);
}

/** The three fields of a calendar date. */
export function typedDateOf(date: string | undefined): TypedDate {
  const [year = '', month = '', day = ''] = date?.split('-') ?? [];
  return { day: day.replace(/^0/, ''), month: month.replace(/^0/, ''), year };
}

/** The order in which the reader writes a date. */
export function dateOrder(locale: string): readonly (keyof TypedDate)[] {
  const parts = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', year: 'numeric' }).formatToParts();
  return parts.map((part) => part.type).filter((type) => type === 'day' || type === 'month' || type === 'year');
}

/** Also reads Arabic-Indic digits, which an Arabic keyboard types. */
function toNumber(text: string): number | undefined {
  const western = text.trim().replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  return /^\d{1,4}$/.test(western) ? Number(western) : undefined;
}
