import type { Appointment } from '@health-connect/contract';
import { isPast, sortAppointments } from '../appointments/appointment-list.ts';

/** How many past appointments the home shows; the list has them all. */
const PAST_SHOWN = 3;

/** What a patient's home is made of. Each appointment stands in one place. */
export interface PatientDay {
  /** The next booked one, or the one whose door is open. */
  readonly next: Appointment | undefined;
  /** Times that were offered to the patient. */
  readonly toAnswer: readonly Appointment[];
  /** Requests that the doctor has to answer. */
  readonly waiting: readonly Appointment[];
  readonly later: readonly Appointment[];
  readonly past: readonly Appointment[];
}

export function patientDay(appointments: readonly Appointment[]): PatientDay {
  const coming = sortAppointments(appointments, false);
  const booked = coming.filter(({ status }) => status === 'scheduled');
  const pending = coming.filter(({ status }) => status === 'pending');
  const [next, ...later] = booked;
  return {
    next,
    later,
    toAnswer: pending.filter(({ awaiting }) => awaiting === 'patient'),
    waiting: pending.filter(({ awaiting }) => awaiting !== 'patient'),
    past: sortAppointments(appointments.filter(isPast), true).slice(0, PAST_SHOWN),
  };
}
