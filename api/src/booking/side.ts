import { ProductError, type Side } from '@health-connect/contract';
import type { AccountRecord } from '../accounts/account.repository.ts';
import type { Parties } from '../appointments/party.ts';

/** Which of its two sides an account is. @throws ProductError `forbidden` for everybody else */
export function sideOf(appointment: Parties, accountId: string): Side {
  if (accountId === appointment.doctorId) return 'doctor';
  if (accountId === appointment.patientId) return 'patient';
  throw new ProductError('forbidden');
}

/** Whether nobody would come on a side that is somebody's: their account is closed, or has another role. */
export function isLeft(side: Side, { role, status }: Pick<AccountRecord, 'role' | 'status'>): boolean {
  return status === 'disabled' || role !== side;
}
