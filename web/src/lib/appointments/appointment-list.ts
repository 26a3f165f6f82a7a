import { type Account, type Appointment, appointmentEndpoints } from '@health-connect/contract';
import type { ApiCall, CallOptions } from '../api/client.ts';

/** The signed-in person's appointments. */
export async function loadAppointments(
  call: ApiCall,
  account: Pick<Account, 'role'>,
  options: CallOptions,
): Promise<Appointment[]> {
  switch (account.role) {
    case 'doctor':
      return (await call(appointmentEndpoints.ofDoctor, {}, options)).appointments;
    case 'patient':
      return (await call(appointmentEndpoints.ofPatient, {}, options)).appointments;
    case 'staff':
    case 'administrator':
      return [];
  }
}

/** Over: ended by its status, or its door was shut. */
export function isPast({ status, door }: Appointment): boolean {
  return door.state === 'closed' || status === 'completed' || status === 'cancelled' || status === 'rescheduled';
}

/** Whether the person may go in now. */
export function canJoin(appointment: Appointment): boolean {
  return !isPast(appointment) && appointment.status === 'scheduled' && appointment.door.state === 'open';
}

/** Coming ones with the next first, and those that can be joined before all others; past ones with the latest first. */
export function sortAppointments(appointments: readonly Appointment[], past: boolean): Appointment[] {
  const start = (appointment: Appointment) => Date.parse(appointment.startsAt);
  const wanted = appointments.filter((appointment) => isPast(appointment) === past);
  if (past) return wanted.sort((a, b) => start(b) - start(a));
  return wanted.sort((a, b) => Number(canJoin(b)) - Number(canJoin(a)) || start(a) - start(b));
}

/** Who the person meets: the patient for doctors, the doctor for patients. */
export function personMet({ myParty, doctor, patient }: Appointment): Appointment['doctor'] | Appointment['patient'] {
  return myParty === 'patient' ? doctor : patient;
}

/** The name of who the person meets. */
export function counterpart(appointment: Appointment): string {
  return personMet(appointment).name;
}

/**
 * When the next door opens that was shut when the server told of it, in ms since the epoch: it may have opened since.
 * `undefined` when none will.
 */
export function nextOpeningMs(appointments: readonly Appointment[]): number | undefined {
  const openings = appointments
    .filter((appointment) => appointment.door.state === 'early' && !isPast(appointment))
    .map(({ door }) => Date.parse(door.opensAt));
  return openings.length === 0 ? undefined : Math.min(...openings);
}
