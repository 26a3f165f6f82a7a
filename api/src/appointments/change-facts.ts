import { changesFor, ProductError, type ChangeFacts, type Side } from '@health-connect/contract';
import type { AppointmentRecord } from './appointment.repository.ts';

type Attended = Pick<AppointmentRecord, 'status' | 'awaiting' | 'doctorCameAt' | 'patientCameAt'>;

/** Whether both sides have been in its call, at the same time or not. */
export const bothCame = ({ doctorCameAt, patientCameAt }: Attended): boolean =>
  doctorCameAt !== null && patientCameAt !== null;

/**
 * What the table of changes looks at.
 * @param replaces for a proposal: the appointment that it would replace
 */
export function changeFacts(record: Attended, replaces?: Attended): ChangeFacts {
  const { status, awaiting } = record;
  const facts = { status, awaiting, bothCame: bothCame(record) };
  return replaces === undefined ? facts : { ...facts, replaces: changeFacts(replaces) };
}

/** The refusal of a change; it names what may be done instead. */
export function notAllowed(facts: ChangeFacts, by: Side | 'system'): ProductError {
  return new ProductError('change_not_allowed', { allowed: changesFor(facts, by) });
}
