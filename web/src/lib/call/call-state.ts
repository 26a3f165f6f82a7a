import { ProductError, type LeaveReason } from '@health-connect/contract';

/** Where this browser is in a consultation's call (R5). */
export const CALL_PHASES = ['idle', 'preparing', 'joining', 'connected', 'reconnecting', 'ended'] as const;
export type CallPhase = (typeof CALL_PHASES)[number];

/** Allowed changes of phase, as data. `ended` is the end of this stay: going back makes a new one. */
export const CALL_TRANSITIONS: Readonly<Record<CallPhase, readonly CallPhase[]>> = {
  idle: ['preparing', 'joining', 'ended'],
  preparing: ['joining', 'ended'],
  joining: ['connected', 'preparing', 'ended'],
  connected: ['reconnecting', 'ended'],
  reconnecting: ['connected', 'ended'],
  ended: [],
};

/** Why the call is over for this browser. */
export type EndReason =
  /** This person left. */
  | 'left'
  /** The page went away, for example by a reload: the person comes back by themselves. */
  | 'page-gone'
  /** The consultation was ended for everyone. */
  | 'closed'
  /** The clinic ended this person's part. */
  | 'removed'
  /** The same person joined from another window. */
  | 'replaced';

/** Whether a phase may follow another. */
export function mayGo(from: CallPhase, to: CallPhase): boolean {
  return CALL_TRANSITIONS[from].includes(to);
}

/** The next phase. Throws on a change that the table does not allow: a mistake of our code, never of the network. */
export function go(from: CallPhase, to: CallPhase): CallPhase {
  if (!mayGo(from, to)) throw new Error(`The call cannot go from ${from} to ${to}`);
  return to;
}

/** What the node's reason means for the person; after `rejoin` the call is still there for them. */
export const END_OF_LEAVE: Readonly<Record<LeaveReason, EndReason | 'rejoin'>> = {
  left: 'left',
  replaced: 'replaced',
  removed: 'removed',
  'room-closed': 'closed',
  lost: 'rejoin',
  failed: 'rejoin',
};

/** The end that a refused rejoin means; undefined when it may be tried again. */
export function endOfRefusal(error: unknown): EndReason | undefined {
  if (!(error instanceof ProductError)) return undefined;
  switch (error.code) {
    case 'consultation_closed':
      return 'closed';
    case 'consultation_early':
    case 'forbidden':
    case 'not_found':
      return 'removed';
    default:
      return undefined;
  }
}
