import type { DeviceKind } from '../call/device-problem.ts';
import { keepIfPossible } from '../storage.ts';

/** What was on when the page went away in the middle of a call: a reload keeps stage and place. */
export interface Returning {
  readonly kinds: readonly DeviceKind[];
}

const keyOf = (consultationId: string): string => `hc.call.${consultationId}`;

/** Remembers for this tab that the person is in the call, and with what. */
export function rememberCall(storage: Storage, consultationId: string, kinds: readonly DeviceKind[]): void {
  keepIfPossible(storage, keyOf(consultationId), kinds.join(' '));
}

/** The person left by themselves, or the call ended. */
export function forgetCall(storage: Storage, consultationId: string): void {
  storage.removeItem(keyOf(consultationId));
}

/** Whether the person was in the call when the page went away. */
export function returningTo(storage: Storage, consultationId: string): Returning | undefined {
  const stored = storage.getItem(keyOf(consultationId));
  if (stored === null) return undefined;
  return { kinds: (['microphone', 'camera'] as const).filter((kind) => stored.split(' ').includes(kind)) };
}
