import type { Role } from '@health-connect/contract';

/** Ids that a route may name, all of them belonging to the same people. A new kind of id needs a line here. */
export interface EndpointIds {
  readonly appointmentId: string;
  readonly consultationId: string;
  readonly doctorId: string;
  readonly patientId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly invitationId: string;
  readonly messageId: string;
  readonly avatarId: string;
  readonly holdId: string;
  /** Role of the one who asks, for bodies that must name it. */
  readonly role: Role;
}

/** Codes by which somebody is kept out. Of somebody else's hold it is said that it is over, as of one that is. */
export const KEPT_OUT: readonly string[] = [
  'unauthenticated',
  'forbidden',
  'account_pending',
  'not_found',
  'hold_ended',
];
