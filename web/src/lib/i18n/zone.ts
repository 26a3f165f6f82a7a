import { addDays } from './calendar-date.ts';
import { formatLocale } from './format.ts';

const MINUTE_MS = 60_000;

/** How far a zone's wall time is ahead of UTC at an instant, in minutes. */
export function offsetMinutes(zone: string, instant: Date): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((each) => each.type === type)?.value ?? Number.NaN);
  const wallMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((wallMs - instant.getTime()) / MINUTE_MS);
}

const noonOf = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** How far the second zone is ahead of the first on a date, in minutes; negative when it is behind. */
export function minutesAhead(own: string, other: string, date: string): number {
  return offsetMinutes(other, noonOf(date)) - offsetMinutes(own, noonOf(date));
}

/** Dates among `days` from `from` on, in whose small hours the clocks of one of the zones are changed. */
export function clockChanges(zones: readonly string[], from: string, days: number): string[] {
  const dates = Array.from({ length: days }, (_unused, index) => addDays(from, index));
  const changes = (date: string, zone: string): boolean =>
    offsetMinutes(zone, noonOf(addDays(date, -1))) !== offsetMinutes(zone, noonOf(date));
  return dates.filter((date) => zones.some((zone) => changes(date, zone)));
}

/** "5 hours" or "5 hours 30 minutes", whatever the sign. */
export function formatDifference(minutes: number, locale = formatLocale()): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const unit = (value: number, name: 'hour' | 'minute'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
  return [hours > 0 ? unit(hours, 'hour') : '', rest > 0 ? unit(rest, 'minute') : ''].filter(Boolean).join(' ');
}
