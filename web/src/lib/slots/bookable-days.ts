import type { DoctorPage } from '@health-connect/contract';
import { addDays, dateIn } from '../i18n/calendar-date.ts';
import { noonIn } from '../i18n/offset.ts';

const HALF_DAY_MS = 12 * 60 * 60_000;

/** The last day on which a doctor can be booked now, in the calendar of the zone in which somebody looks. */
export function lastDate(
  zone: string,
  { timeZone, furthestDays }: Pick<DoctorPage, 'timeZone' | 'furthestDays'>,
  nowMs: number,
): string {
  const last = addDays(dateIn(timeZone, nowMs), furthestDays - 1);
  const ends = noonIn(timeZone, last).getTime() + HALF_DAY_MS;
  return dateIn(zone, ends - 1);
}
