import type { Appointment } from '@health-connect/contract';

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

/** Visits by the doctor's calendar day. */
export function byDate(list: readonly Appointment[], dates: readonly string[]) {
  const timeline = timelineOf(list);
  return dates.map((date) => ({ date, visits: timeline.filter((visit) => visit.date === date) }));
}
