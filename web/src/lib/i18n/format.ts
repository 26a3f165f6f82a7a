import { m } from '#lib/paraglide/messages.js';
import { getLocale, getTextDirection } from '#lib/paraglide/runtime.js';
import { serverClock } from '../server-clock.ts';
import { isolateInLtr, isolateInRtl } from './isolate.ts';
import { repeatedTime } from './offset.ts';

/**
 * The locale for dates and times: the person's own variant of the chosen language (en-GB has a 24 hour clock),
 * else the language itself.
 */
export function formatLocale(
  languages: readonly string[] = navigator.languages,
  language: string = getLocale(),
): string {
  return languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

/** The zone of the device. */
export function viewerZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

interface When {
  readonly zone?: string;
  readonly locale?: string;
}

/**
 * Words of a time that stay in one line with their "AM" or "PM": a clock that is torn in two is read wrongly.
 * @param instant which may be given in ms since the epoch
 */
export function unbrokenTime(format: Intl.DateTimeFormat, instant: Date | number): string {
  const parts = format.formatToParts(instant);
  const isBeside = (index: number): boolean =>
    [parts[index - 1], parts[index + 1]].some((part) => part?.type === 'dayPeriod');
  return parts
    .map(({ type, value }, index) =>
      type === 'literal' && isBeside(index) ? value.replaceAll(/\s/g, '\u00A0') : value,
    )
    .join('');
}

/** Clock time, such as "10:30 AM"; where the clock shows it twice, with the words that tell which. */
export function formatTime(instant: Date, { zone, locale = formatLocale() }: When = {}): string {
  const format = new Intl.DateTimeFormat(locale, {
    hour: 'numeric',
    minute: '2-digit',
    ...(zone ? { timeZone: zone } : {}),
  });
  return clockWords(unbrokenTime(format, instant), instant, zone ?? viewerZone());
}

/** A clock time, with what tells it from the other one where the clock shows it twice. */
export function clockWords(time: string, instant: Date, zone: string): string {
  const which = repeatedTime(zone, instant);
  if (which === undefined) return time;
  return which === 'before' ? m['time.beforeChange']({ time }) : m['time.afterChange']({ time });
}

/** Weekday, day and month, with the year when it is another one in that zone. */
export function formatDay(
  instant: Date,
  { zone, locale = formatLocale() }: When = {},
  now = new Date(serverClock.now()),
): string {
  const [year, thisYear] = [instant, now].map((each) => dayKey(each, zone).slice(0, 4));
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    ...(year === thisYear ? {} : { year: 'numeric' }),
    ...(zone ? { timeZone: zone } : {}),
  }).format(instant);
}

/** How long to wait, such as "20 seconds" or "2 minutes"; never less than needed. */
export function formatWait(seconds: number, locale = formatLocale()): string {
  const [value, unit] = seconds < 60 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

function dayKey(instant: Date, zone: string | undefined): string {
  return new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(zone ? { timeZone: zone } : {}) }).format(instant);
}

/** How many calendar days an instant is from now, in a zone: 0 is today, 1 tomorrow. */
export function daysFromNow(instant: Date, now: Date, zone?: string): number {
  const [then, today] = [dayKey(instant, zone), dayKey(now, zone)].map((key) => Date.parse(`${key}T00:00:00Z`));
  return Math.round(((then ?? 0) - (today ?? 0)) / 86_400_000);
}

/** Whether two zones show the same wall time at an instant. */
export function sameWallTime(instant: Date, first: string, second: string): boolean {
  const wall = (timeZone: string) =>
    new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(instant);
  return wall(first) === wall(second);
}

/** Zones that browsers still list under a name that the city does not have any more. */
const PRESENT_NAMES: Readonly<Record<string, string>> = {
  Calcutta: 'Kolkata',
  Dacca: 'Dhaka',
  Faeroe: 'Faroe',
  Godthab: 'Nuuk',
  Katmandu: 'Kathmandu',
  Kiev: 'Kyiv',
  Ponape: 'Pohnpei',
  Rangoon: 'Yangon',
  Saigon: 'Ho Chi Minh',
  Thimbu: 'Thimphu',
  Truk: 'Chuuk',
};

/** The city that names a zone: `America/New_York` is "New York". */
export function cityOf(zone: string): string {
  const city = (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
  return PRESENT_NAMES[city] ?? city;
}

/** "Ana, Ben and Cleo" in the reader's language. */
export function formatList(names: readonly string[]): string {
  const locale = getLocale();
  const isolate = getTextDirection(locale) === 'rtl' ? isolateInRtl : isolateInLtr;
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names.map(isolate));
}

/** A number in the reader's digits, with at most one decimal. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(formatLocale(), { maximumFractionDigits: 1 }).format(value);
}
