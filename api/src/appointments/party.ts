import { ProductError, type Party } from '@health-connect/contract';

/** The people of an appointment. */
export interface Parties {
  readonly doctorId: string;
  readonly patientId: string;
  readonly colleagueIds: readonly string[];
}

/** What an account is in an appointment, `undefined` for everybody who has nothing to do with it. */
export function partyOf(appointment: Parties, accountId: string): Party | undefined {
  if (accountId === appointment.doctorId) return 'doctor';
  if (accountId === appointment.patientId) return 'patient';
  return appointment.colleagueIds.includes(accountId) ? 'colleague' : undefined;
}

/** @throws ProductError `forbidden` for an account that is not a party (R31) */
export function requireParty(appointment: Parties, accountId: string): Party {
  const party = partyOf(appointment, accountId);
  if (party === undefined) throw new ProductError('forbidden');
  return party;
}

/** @throws ProductError `forbidden` for everybody but the appointment's own doctor */
export function requireOwnDoctor(appointment: Parties, accountId: string): void {
  if (appointment.doctorId !== accountId) throw new ProductError('forbidden');
}

/** Everybody who is told of a change. */
export function everybodyOf(appointment: Parties): string[] {
  return [appointment.doctorId, appointment.patientId, ...appointment.colleagueIds];
}
