import { appointmentEndpoints, bookingEndpoints, type Appointment } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { isOvertaken } from '../appointments/open-appointment.svelte.ts';

/** The answer to a request, with the words for the patient. */
export interface RequestAnswer {
  readonly change: 'confirm' | 'decline';
  readonly words: string;
}

/**
 * Answers a request as it was seen. Throws what the server refuses, and what has no answer.
 * @returns the appointment as it is now where somebody was faster: then nothing was done
 */
export async function answerRequest(
  call: ApiCall,
  { id, version }: Appointment,
  { change, words }: RequestAnswer,
): Promise<Appointment | undefined> {
  const params = { appointmentId: id };
  try {
    if (change === 'confirm') await call(bookingEndpoints.confirm, { params, body: { version, comment: words } });
    else await call(bookingEndpoints.decline, { params, body: { version, reason: words } });
    return undefined;
  } catch (error) {
    if (!isOvertaken(error)) throw error;
    return (await call(appointmentEndpoints.one, { params })).appointment;
  }
}
