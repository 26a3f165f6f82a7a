import type { AppointmentStatus } from '@health-connect/contract';
import { condition } from '../database/filter.ts';
import type { StoredId } from '../database/ids.ts';

/** An appointment in one of these makes its doctors those who treat its patient, unless they have missed each other. */
const TREATING: AppointmentStatus[] = ['pending', 'scheduled', 'completed'];

/** So many days after it was to begin, a visit that was missed connects its two sides still: the patient is called back. */
export const MISSED_CONNECTS_DAYS = 30;

const DAY_MS = 24 * 60 * 60_000;

/** Visits at which the two did not meet, and that are so long ago that nobody is called back because of them. */
export const missedForLong = (now: Date) => ({
  status: 'completed' as const,
  outcome: 'missed' as const,
  startsAt: condition({ $lte: new Date(now.getTime() - MISSED_CONNECTS_DAYS * DAY_MS) }),
});

/** Those of them about which nothing was written either; they connect not even their doctor. */
export const missedWithoutNote = (now: Date) => ({ ...missedForLong(now), noteState: 'none' as const });

/**
 * Appointments by which a doctor treats, or has treated, their patient, as its doctor or as an added colleague. One that
 * was called off connects nobody. One that was missed connects for some time, and for longer only its doctor, who has
 * begun or signed a note about it.
 */
export const treatedBy = (doctorId: StoredId, now: Date) => ({
  status: condition({ $in: TREATING }),
  $or: [{ doctorId }, { colleagueIds: doctorId }],
  $nor: [missedWithoutNote(now), { ...missedForLong(now), doctorId: condition({ $ne: doctorId }) }],
});
