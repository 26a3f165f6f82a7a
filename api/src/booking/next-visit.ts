import { canChange, canFollowUp, ProductError, type Side } from '@health-connect/contract';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { changeFacts, notAllowed } from '../appointments/change-facts.ts';
import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';

type Time = Pick<AppointmentRecord, 'startsAt' | 'endsAt'>;

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'openProposalFor'>;
  readonly clock: Clock;
}

/**
 * Whether another time can be proposed for an appointment now: it is active, no proposal itself, and there is none for
 * it yet.
 * @throws ProductError `change_not_allowed`
 */
export async function requireMovable(
  { appointments, clock }: Parts,
  record: AppointmentRecord,
  by: Side,
  transaction?: Transaction,
): Promise<void> {
  const open = await appointments.openProposalFor(record, transaction);
  const isOpenProposal = record.replacesId !== null && record.status === 'pending';
  const facts = changeFacts(record, clock.now());
  if (!canChange(facts, 'move', 'system') || isOpenProposal || open !== undefined) throw notAllowed(facts, by);
}

/** To move an appointment is to move it elsewhere. @throws ProductError `slot_unavailable` for the time that it has */
export function requireAnotherTime(record: Time, slot: Time): void {
  const isSame =
    record.startsAt.getTime() === slot.startsAt.getTime() && record.endsAt.getTime() === slot.endsAt.getTime();
  if (isSame)
    throw new ProductError('slot_unavailable', {
      message: 'The appointment is at this time already. Choose another one.',
    });
}

/** Whether the doctor of a visit can book the next one. @throws ProductError `change_not_allowed` */
export function requireFollowable({ clock }: Pick<Parts, 'clock'>, record: AppointmentRecord): void {
  if (!canFollowUp(record)) throw notAllowed(changeFacts(record, clock.now()), 'doctor');
}
