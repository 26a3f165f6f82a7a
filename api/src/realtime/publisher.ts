import type { AppEventName, AppEventPayload } from '@health-connect/contract';

/** How features make changes visible: events of the contract, to sockets of every api process. Never throws. */
export interface EventPublisher {
  /** To every socket of these accounts. */
  toAccounts<N extends AppEventName>(accountIds: readonly string[], name: N, payload: AppEventPayload<N>): void;
  /** To every socket that watches the consultation. */
  toWatchers<N extends AppEventName>(consultationId: string, name: N, payload: AppEventPayload<N>): void;
  /** The account's sockets are no longer told about the consultation. */
  stopWatching(accountId: string, consultationId: string): void;
  /** Says good-bye to the sockets of a session and closes them. */
  endSession(sessionId: string): void;
}
