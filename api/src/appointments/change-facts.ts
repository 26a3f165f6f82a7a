import { changesFor, phaseOf, ProductError, type ChangeFacts, type Side } from '@health-connect/contract';
import type { AppointmentRecord } from './appointment-record.ts';

type Attended = Pick<AppointmentRecord, 'doctorCameAt' | 'patientCameAt'>;
type Changeable = Attended & Pick<AppointmentRecord, 'status' | 'awaiting' | 'startsAt' | 'endsAt'>;

/** Whether both sides have been in its call, at the same time or not. */
export const bothCame = ({ doctorCameAt, patientCameAt }: Attended): boolean =>
  doctorCameAt !== null && patientCameAt !== null;

/**
 * What the table of changes looks at.
 * @param replaces for a proposal: the appointment that it would replace
 */
export function changeFacts(record: Changeable, nowMs: number, replaces?: Changeable): ChangeFacts {
  const { status, awaiting } = record;
  const came = { patientCame: record.patientCameAt !== null, bothCame: bothCame(record) };
  const facts = { status, awaiting, phase: phaseOf(record, nowMs), ...came };
  return replaces === undefined ? facts : { ...facts, replaces: changeFacts(replaces, nowMs) };
}

/** The refusal of a change; it names what may be done instead. */
export function notAllowed(facts: ChangeFacts, by: Side | 'system'): ProductError {
  return new ProductError('change_not_allowed', { allowed: changesFor(facts, by) });
}
