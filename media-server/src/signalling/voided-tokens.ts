import { JOIN_TOKEN_LIFETIME_SECONDS, type JoinTokenClaims } from '@health-connect/contract';
import { CLOCK_TOLERANCE_SECONDS } from '../tokens/service-token.ts';

const KEEP_SECONDS = JOIN_TOKEN_LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS;

/**
 * Join tokens that were made before somebody was removed, or before a room was closed, and are still unused: they must
 * not open the door again. Tokens made in a later second are good.
 */
export class VoidedTokens {
  readonly #voidedAt = new Map<string, number>();

  voidRoom(room: string, nowSeconds: number): void {
    this.#void(room, nowSeconds);
  }

  voidParticipant(room: string, participantId: string, nowSeconds: number): void {
    this.#void(`${room}/${participantId}`, nowSeconds);
  }

  includes(claims: Pick<JoinTokenClaims, 'room' | 'participantId' | 'iat'>): boolean {
    const places = [claims.room, `${claims.room}/${claims.participantId}`];
    return places.some((place) => claims.iat <= (this.#voidedAt.get(place) ?? -1));
  }

  #void(place: string, nowSeconds: number): void {
    for (const [key, voidedAt] of this.#voidedAt) {
      if (voidedAt < nowSeconds - KEEP_SECONDS) this.#voidedAt.delete(key);
    }
    this.#voidedAt.set(place, nowSeconds);
  }
}
