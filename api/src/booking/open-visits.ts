import { OPEN_VISITS_AT_MOST, OPEN_VISITS_WITH_DOCTOR_AT_MOST, ProductError } from '@health-connect/contract';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'openOfPatient'>;
  readonly clock: Clock;
}

/**
 * Whether a patient can ask for one more appointment: what one asks for, others cannot have. What a doctor books for them
 * counts, but is never refused.
 * @throws ProductError `too_many_open`
 */
export async function requireRoom(
  { appointments, clock }: Parts,
  patientId: string,
  doctorId: string,
  transaction?: Transaction,
): Promise<void> {
  const now = new Date(clock.now());
  const doctorIds = await appointments.openOfPatient(patientId, now, OPEN_VISITS_AT_MOST, transaction);
  if (doctorIds.length >= OPEN_VISITS_AT_MOST) throw new ProductError('too_many_open');
  if (doctorIds.filter((id) => id === doctorId).length < OPEN_VISITS_WITH_DOCTOR_AT_MOST) return;
  throw new ProductError('too_many_open', { message: WITH_THIS_DOCTOR });
}

const WITH_THIS_DOCTOR = `You have ${OPEN_VISITS_WITH_DOCTOR_AT_MOST} appointments to come with this doctor. You can ask for another one once one of them is over or called off.`;
