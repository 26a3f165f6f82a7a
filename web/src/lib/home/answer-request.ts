import { bookingEndpoints, ProductError, type Appointment, type ErrorCode } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';

/** The answer to a request, with the words for the patient. */
export interface RequestAnswer {
  readonly change: 'confirm' | 'decline';
  readonly words: string;
}

/** Refusals because somebody was faster. */
const OVERTAKEN: readonly ErrorCode[] = ['version_conflict', 'change_not_allowed'];

/**
 * Answers a request as it was seen. Throws what the server refuses, and what has no answer.
 * @returns false when somebody was faster: then nothing was done
 */
export async function answerRequest(
  call: ApiCall,
  { id, version }: Appointment,
  { change, words }: RequestAnswer,
): Promise<boolean> {
  const params = { appointmentId: id };
  try {
    if (change === 'confirm') await call(bookingEndpoints.confirm, { params, body: { version, comment: words } });
    else await call(bookingEndpoints.decline, { params, body: { version, reason: words } });
    return true;
  } catch (error) {
    if (error instanceof ProductError && OVERTAKEN.includes(error.code)) return false;
    throw error;
  }
}
