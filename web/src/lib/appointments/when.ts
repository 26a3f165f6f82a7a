import { m } from '#lib/paraglide/messages.js';
import { cityOf, daysFromNow, formatDay, formatTime } from '../i18n/format.ts';

/** "Today", "Tomorrow" or the date, in the reader's zone. */
export function dayWords(instant: Date, now: Date): string {
  const days = daysFromNow(instant, now);
  if (days === 0) return m['appointment.today']();
  return days === 1 ? m['appointment.tomorrow']() : formatDay(instant, {}, now);
}

/** Day and time in one line, in the reader's zone. */
export function whenWords(instant: Date, now: Date): string {
  return m['visit.dayTime']({ day: dayWords(instant, now), time: formatTime(instant) });
}

/** Day and time in another place, with the city that names its zone. */
export function elsewhereWords(instant: Date, zone: string, now: Date): string {
  const when = m['visit.dayTime']({ day: formatDay(instant, { zone }, now), time: formatTime(instant, { zone }) });
  return m['appointment.inCity']({ when, city: cityOf(zone) });
}

/** The instant of a number of ms since the epoch; nobody changes it. */
export const instantAt = (ms: number): Date => new Date(ms);

/** Now, as of when a value was read: asked for anew whenever there is a new one. */
export const nowFor = (_read: unknown): Date => new Date();
