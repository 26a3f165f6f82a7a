import { formatLocale } from '../i18n/format.ts';

/** "15 June 1990"; a birthday belongs to no time zone. */
export const birthDateWords = (date: string): string =>
  new Intl.DateTimeFormat(formatLocale(), { timeZone: 'UTC', dateStyle: 'long' }).format(new Date(`${date}T00:00:00Z`));
