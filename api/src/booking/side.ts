import { ProductError, type Side } from '@health-connect/contract';
import type { Parties } from '../appointments/party.ts';

/** Which of its two sides an account is. @throws ProductError `forbidden` for everybody else */
export function sideOf(appointment: Parties, accountId: string): Side {
  if (accountId === appointment.doctorId) return 'doctor';
  if (accountId === appointment.patientId) return 'patient';
  throw new ProductError('forbidden');
}
