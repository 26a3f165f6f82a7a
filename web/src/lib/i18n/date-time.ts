import { formatLocale, unbrokenTime } from './format.ts';

/** Date with year and time, for what is kept or printed: "today" means nothing there. */
export const formatDateTime = (instant: Date, locale = formatLocale()): string =>
  unbrokenTime(new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }), instant);
