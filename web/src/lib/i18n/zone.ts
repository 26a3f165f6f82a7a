import { addDays } from './calendar-date.ts';
import { formatLocale } from './format.ts';
import { noonIn, offsetMinutes } from './offset.ts';

/** How far the second zone is ahead of the first at an instant, in minutes; negative when it is behind. */
export function minutesAhead(own: string, other: string, instant: Date): number {
  return offsetMinutes(other, instant) - offsetMinutes(own, instant);
}

/** Dates among `days` from `from` on, in whose small hours the clocks of one of the zones are changed. */
export function clockChanges(zones: readonly string[], from: string, days: number): string[] {
  const dates = Array.from({ length: days }, (_unused, index) => addDays(from, index));
  const changes = (date: string, zone: string): boolean =>
    offsetMinutes(zone, noonIn(zone, addDays(date, -1))) !== offsetMinutes(zone, noonIn(zone, date));
  return dates.filter((date) => zones.some((zone) => changes(date, zone)));
}

/** "5 hours" or "5 hours 30 minutes", whatever the sign. */
export function formatDifference(minutes: number, locale = formatLocale()): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const unit = (value: number, name: 'hour' | 'minute'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
  return [hours > 0 ? unit(hours, 'hour') : '', rest > 0 ? unit(rest, 'minute') : ''].filter(Boolean).join(' ');
}
