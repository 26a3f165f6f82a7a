import type { Appointment } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { minuteNow } from '../minute-clock.ts';
import { serverClock } from '../server-clock.ts';
import { cityOf, daysFromNow, formatDay, formatTime, sameWallTime, viewerZone } from '../i18n/format.ts';

/** "Today", "Tomorrow" or the date, in the reader's zone, or in another one. */
export function dayWords(instant: Date, now: Date, zone: string = viewerZone()): string {
  const days = daysFromNow(instant, now, zone);
  if (days === 0) return m['appointment.today']();
  return days === 1 ? m['appointment.tomorrow']() : formatDay(instant, { zone }, now);
}

/** The same within a sentence or after other words: "today". */
function dayInside(instant: Date, now: Date, zone: string): string {
  const days = daysFromNow(instant, now, zone);
  if (days === 0) return m['appointment.todayInside']();
  return days === 1 ? m['appointment.tomorrowInside']() : formatDay(instant, { zone }, now);
}

/** Day and time in one line that begins with them, in the reader's zone, or in another one. */
export function whenWords(instant: Date, now: Date, zone: string = viewerZone()): string {
  return m['visit.dayTime']({ day: dayWords(instant, now, zone), time: formatTime(instant, { zone }) });
}

/** Day and time within a sentence or after other words, in the reader's zone, or in another one. */
export function whenInside(instant: Date, now: Date, zone: string = viewerZone()): string {
  return m['visit.dayTime']({ day: dayInside(instant, now, zone), time: formatTime(instant, { zone }) });
}

const withCity = (when: string, instant: Date, zone: string): string =>
  sameWallTime(instant, zone, viewerZone()) ? when : m['appointment.inCity']({ when, city: cityOf(zone) });

/** As `whenWords`, with the city that names the zone where the clock there shows another time than the reader's. */
export const whenWordsIn = (instant: Date, now: Date, zone: string): string =>
  withCity(whenWords(instant, now, zone), instant, zone);

/** As `whenInside`, with the city that names the zone where the clock there shows another time than the reader's. */
export const whenInsideIn = (instant: Date, now: Date, zone: string): string =>
  withCity(whenInside(instant, now, zone), instant, zone);

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

/**
 * Now, for what is on the screen: told anew with each minute, so that "tomorrow" is "today" after midnight, and with each
 * new value that it is told of, which may be younger than the minute.
 */
export const shownNow = (_toldOf?: unknown): Date => instantAt(minuteNow());
