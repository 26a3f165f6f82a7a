import type { AccountStatus, Role } from '@health-connect/contract';

/** What has happened to an account so far. */
export interface AccountFacts {
  readonly role: Role;
  readonly emailConfirmedAt: Date | null;
  readonly approvedAt: Date | null;
  readonly disabledAt: Date | null;
}

/** What an account may do follows from what has happened to it; the one place where it is decided. */
export function statusOf({ role, emailConfirmedAt, approvedAt, disabledAt }: AccountFacts): AccountStatus {
  if (disabledAt !== null) return 'disabled';
  if (emailConfirmedAt === null) return 'unconfirmed';
  return role === 'doctor' && approvedAt === null ? 'pending' : 'active';
}
