import { createHmac } from 'node:crypto';
import type { IceServer } from '@health-connect/contract';

/** The relay, as the hospital has set it up. */
export interface Relay {
  readonly urls: readonly string[];
  /** Shared with coturn (`static-auth-secret`). */
  readonly secret: string;
}

/** How long a credential can be used to allocate; an allocation that exists goes on. */
export const RELAY_CREDENTIAL_LIFETIME_SECONDS = 3600;

/**
 * The ICE servers for one peer: none, or the relay with a credential that ends within the hour
 * (draft-uberti-behave-turn-rest). No server of anybody else is ever named (R7).
 */
export function iceServersFor(peerId: string, relay: Relay | undefined, nowMs: number): IceServer[] {
  if (relay === undefined) return [];
  const expiresAtSeconds = Math.floor(nowMs / 1000) + RELAY_CREDENTIAL_LIFETIME_SECONDS;
  const username = `${expiresAtSeconds}:${peerId}`;
  const credential = createHmac('sha1', relay.secret).update(username).digest('base64');
  return [{ urls: [...relay.urls], username, credential }];
}
