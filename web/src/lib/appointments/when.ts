import type { Appointment } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { serverClock } from '../server-clock.ts';
import { cityOf, daysFromNow, formatDay, formatTime, sameWallTime, viewerZone } from '../i18n/format.ts';

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

/** Day and time where an appointment's hours are meant, if the clock there shows another one than the reader's. */
export function elsewhereIfOther(
  { startsAt, timeZone }: Pick<Appointment, 'startsAt' | 'timeZone'>,
  now: Date,
): string | undefined {
  const instant = new Date(startsAt);
  return sameWallTime(instant, timeZone, viewerZone()) ? undefined : elsewhereWords(instant, timeZone, now);
}

/** The instant of a number of ms since the epoch; nobody changes it. */
export const instantAt = (ms: number): Date => new Date(ms);

/** Now, by the clock of the server. */
export const instantNow = (): Date => instantAt(serverClock.now());

/** Now, as of when a value was read: asked for anew whenever there is a new one. */
export const nowFor = (_read: unknown): Date => instantNow();
