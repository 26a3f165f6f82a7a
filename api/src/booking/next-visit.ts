import { canChange, canFollowUp, type Side } from '@health-connect/contract';
import type { AppointmentRecord, AppointmentRepository } from '../appointments/appointment.repository.ts';
import { changeFacts, notAllowed } from '../appointments/change-facts.ts';
import type { Clock } from '../clock.ts';

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
): Promise<void> {
  const open = await appointments.openProposalFor(record);
  const isOpenProposal = record.replacesId !== null && record.status === 'pending';
  const facts = changeFacts(record, clock.now());
  if (!canChange(facts, 'move', 'system') || isOpenProposal || open !== undefined) throw notAllowed(facts, by);
}

/** Whether the doctor of a visit can book the next one. @throws ProductError `change_not_allowed` */
export function requireFollowable({ clock }: Pick<Parts, 'clock'>, record: AppointmentRecord): void {
  if (!canFollowUp(record)) throw notAllowed(changeFacts(record, clock.now()), 'doctor');
}
