import type { AuditAction, AuditOutcome, AuditResource, Role } from '@health-connect/contract';

/** Who did it: an `Actor` fits. `undefined` is a visitor. */
export interface AuditActor {
  readonly accountId: string;
  /** `null` where it does not matter to the change and is not at hand. */
  readonly role: Role | null;
  readonly sessionId?: string;
}

/** What happened. Ids and fixed words only: never a name, an address, a text or a token (P3). */
export interface AuditFacts {
  readonly action: AuditAction;
  readonly resource: AuditResource;
  /** Id of the resource. */
  readonly resourceId?: string;
  /** Whose record it is, when it is somebody's. */
  readonly patientId?: string;
  /** `ok` unless said otherwise. */
  readonly outcome?: AuditOutcome;
  /** A fixed word of our own code, such as `password_wrong` or `colleague_added`. */
  readonly detail?: string;
}
