import { bookingEndpoints, type Appointment } from '@health-connect/contract';
import type { ApiCall, CallOptions } from '../api/client.ts';
import { canJoin } from '../appointments/appointment-list.ts';
import { addDays, dateIn, daysBetween } from '../i18n/calendar-date.ts';

/** What takes or took up time: neither called off nor moved away. */
export const takesTime = ({ status }: Appointment): boolean => status !== 'cancelled' && status !== 'rescheduled';

const byStart = (one: Appointment, other: Appointment): number => one.startsAt.localeCompare(other.startsAt);

/** A day's visits in order. */
export const timelineOf = (list: readonly Appointment[]): Appointment[] => list.filter(takesTime).sort(byStart);

/** How many visits of a timeline have begun: the line for "now" stands after them. */
export const begunBy = (timeline: readonly Appointment[], nowMs: number): number =>
  timeline.filter(({ startsAt }) => Date.parse(startsAt) <= nowMs).length;

/** Requests and proposals that wait for the doctor, the nearest first. */
export const toAnswer = (list: readonly Appointment[]): Appointment[] =>
  list
    .filter(({ status, awaiting, myParty }) => status === 'pending' && awaiting === 'doctor' && myParty === 'doctor')
    .sort(byStart);

const dateOf = ({ startsAt }: Appointment, zone: string): string => dateIn(zone, Date.parse(startsAt));

/** Visits by the days of a zone's calendar. */
export function byDate(list: readonly Appointment[], dates: readonly string[], zone: string) {
  const timeline = timelineOf(list);
  return dates.map((date) => ({ date, visits: timeline.filter((visit) => dateOf(visit, zone) === date) }));
}

/** So many days are answered at once. */
const DAYS_AT_ONCE = 7;

/**
 * The doctor's visits of days of a zone's calendar that follow each other. The server counts days where the hours are
 * meant: there it may be a day earlier or later, so those beside are read as well.
 */
export async function loadDays(
  call: ApiCall,
  dates: readonly string[],
  zone: string,
  options: CallOptions,
): Promise<Appointment[]> {
  const read = await loadAround(call, dates, options);
  return read.filter((visit) => dates.includes(dateOf(visit, zone)));
}

/**
 * The doctor's visits of one day of a zone's calendar, and those of the days beside it to which they can go now: what
 * runs over midnight, and what begins shortly after it.
 */
export async function loadToday(
  call: ApiCall,
  today: string,
  zone: string,
  options: CallOptions,
): Promise<Appointment[]> {
  const read = await loadAround(call, [today], options);
  return read.filter((visit) => dateOf(visit, zone) === today || canJoin(visit));
}

/** Days of the schedule's calendar, with one on each side. */
async function loadAround(call: ApiCall, dates: readonly string[], options: CallOptions): Promise<Appointment[]> {
  const [first = '', last = first] = [dates.at(0), dates.at(-1)];
  const all = Array.from({ length: daysBetween(first, last) + 3 }, (_date, index) => addDays(first, index - 1));
  const parts = Array.from({ length: Math.ceil(all.length / DAYS_AT_ONCE) }, (_part, index) =>
    all.slice(index * DAYS_AT_ONCE, (index + 1) * DAYS_AT_ONCE),
  );
  const answers = await Promise.all(parts.map((part) => askDays(call, part, options)));
  return answers.flat();
}

/** Where there are more than one answer has, each day is asked for apart. */
async function askDays(
  call: ApiCall,
  [from, ...rest]: readonly string[],
  options: CallOptions,
): Promise<readonly Appointment[]> {
  const days = rest.length + 1;
  const { appointments, isWhole } = await call(bookingEndpoints.day, { query: { from, days } }, options);
  if (isWhole || from === undefined || days === 1) return appointments;
  const apart = await Promise.all([from, ...rest].map((date) => askDays(call, [date], options)));
  return apart.flat();
}
