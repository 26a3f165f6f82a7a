import type { AppointmentKey } from '../appointments/appointment-keys.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { Transaction } from '../database/database.ts';
import type { ClaimRepository } from './claim.repository.ts';

/**
 * Claims the time of an active appointment for both of its sides.
 * @param beside an appointment whose time may be used with it: the one that it is proposed instead of
 * @throws TimeTaken when some of it is taken: the transaction is lost then
 */
export async function claimAppointment(
  claims: ClaimRepository,
  appointment: Pick<AppointmentRecord, 'id' | 'doctorId' | 'patientId' | 'startsAt' | 'endsAt'>,
  now: Date,
  transaction: Transaction,
  beside: string | null = null,
): Promise<void> {
  const { id, doctorId, patientId, startsAt, endsAt } = appointment;
  const order = { owner: 'appointment', ownerId: id, from: startsAt, to: endsAt, expiresAt: null } as const;
  for (const subjectId of [doctorId, patientId]) {
    await claims.claim(subjectId, { ...order, beside }, now, transaction);
  }
}

/** Gives back the time that an appointment has claimed of its two sides. */
export async function releaseAppointment(
  claims: ClaimRepository,
  { id, doctorId, patientId }: AppointmentKey,
  transaction: Transaction,
): Promise<void> {
  await claims.release({ ownerId: id, subjectIds: [doctorId, patientId] }, transaction);
}
