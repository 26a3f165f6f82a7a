import type { NextVisit } from '@health-connect/contract';

/** The page of an appointment; also while a time is chosen there, which it holds. */
export function appointmentAddress(id: string, choosing?: NextVisit, startsAt?: string): string {
  const parts = { ...(choosing === undefined ? {} : { choose: choosing }), ...(startsAt ? { time: startsAt } : {}) };
  const query = new URLSearchParams(parts).toString();
  return query === '' ? `/appointments/${id}` : `/appointments/${id}?${query}`;
}
