import {
  JOIN_TOKEN_LIFETIME_SECONDS,
  joinTokenSchema,
  MEDIA_PROTOCOL_VERSION,
  mediaHandshakeSchema,
  ProductError,
  type JoinTokenClaims,
} from '@health-connect/contract';
import { z } from 'zod';
import type { RoomRegistry, Seat } from '../rooms/registry.ts';
import type { PublicKeyFile } from '../tokens/key-files.ts';
import { CLOCK_TOLERANCE_SECONDS, nowSeconds, verifyToken } from '../tokens/service-token.ts';
import { UsedIds } from '../tokens/used-ids.ts';
import { VoidedTokens } from './voided-tokens.ts';

/** What a socket may do: enter with the claims of its token, or take a kept place again. */
export type Admission =
  { readonly kind: 'join'; readonly claims: JoinTokenClaims } | { readonly kind: 'resume'; readonly seat: Seat };

const versionSchema = z.looseObject({ protocolVersion: z.int() });

/** Decides who may open a media socket. */
export class AdmissionDesk {
  readonly #nodeId: string;
  readonly #apiKey: PublicKeyFile;
  readonly #registry: RoomRegistry;
  readonly #usedIds = new UsedIds();
  /** What was used or voided before this process began is forgotten with it: older tokens are not taken. */
  readonly #openedAtSeconds = nowSeconds();
  readonly #voided = new VoidedTokens();

  private constructor(options: { nodeId: string; apiKey: PublicKeyFile; registry: RoomRegistry }) {
    this.#nodeId = options.nodeId;
    this.#apiKey = options.apiKey;
    this.#registry = options.registry;
  }

  static create(options: { nodeId: string; apiKey: PublicKeyFile; registry: RoomRegistry }): AdmissionDesk {
    return new AdmissionDesk(options);
  }

  /**
   * Reads what a socket hands over while connecting. A join token is used up by this.
   * Throws `protocol_unsupported`, `validation_failed`, `token_invalid`, `token_used`, `session_unknown`, or
   * `unavailable` while the key of `api` is missing.
   */
  async admit(auth: unknown): Promise<Admission> {
    const version = versionSchema.safeParse(auth);
    if (version.success && version.data.protocolVersion !== MEDIA_PROTOCOL_VERSION) {
      throw new ProductError('protocol_unsupported');
    }
    const handshake = mediaHandshakeSchema.safeParse(auth);
    // What was handed over may hold a secret: the refusal says nothing about it.
    if (!handshake.success) throw new ProductError('validation_failed');
    if ('token' in handshake.data) return { kind: 'join', claims: await this.#useToken(handshake.data.token) };
    const { peerId, sessionSecret } = handshake.data;
    const seat = this.#registry.find(peerId);
    if (seat?.peer.knowsSecret(sessionSecret) !== true) throw new ProductError('session_unknown');
    return { kind: 'resume', seat };
  }

  /** Whether claims that were accepted at the handshake have been voided since. */
  isVoided(claims: JoinTokenClaims): boolean {
    return this.#voided.includes(claims);
  }

  /** Tokens for a room that were made until now are void. */
  voidRoom(room: string): void {
    this.#voided.voidRoom(room, nowSeconds());
  }

  /** Somebody's tokens for a room that were made until now are void. */
  voidParticipant(room: string, participantId: string): void {
    this.#voided.voidParticipant(room, participantId, nowSeconds());
  }

  async #useToken(token: string): Promise<JoinTokenClaims> {
    const key = await this.#apiKey.read();
    if (key === undefined) throw new ProductError('unavailable');
    const rule = { schema: joinTokenSchema, lifetimeSeconds: JOIN_TOKEN_LIFETIME_SECONDS };
    const claims = verifyToken(token, key, rule);
    const isForThis = claims.node === this.#nodeId && claims.iat >= this.#openedAtSeconds;
    if (!isForThis || this.#voided.includes(claims)) throw new ProductError('token_invalid');
    if (!this.#usedIds.use(claims.jti, claims.exp + CLOCK_TOLERANCE_SECONDS, nowSeconds())) {
      throw new ProductError('token_used');
    }
    return claims;
  }
}
