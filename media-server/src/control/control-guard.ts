import { createHash } from 'node:crypto';
import { CONTROL_TOKEN_LIFETIME_SECONDS, controlTokenSchema, ProductError } from '@health-connect/contract';
import type { PublicKeyFile } from '../tokens/key-files.ts';
import { CLOCK_TOLERANCE_SECONDS, nowSeconds, verifyToken } from '../tokens/service-token.ts';
import { UsedIds } from '../tokens/used-ids.ts';

export interface ControlCall {
  readonly method: string;
  /** As requested, with the query if there is one. */
  readonly path: string;
  readonly body: Buffer;
  readonly authorization: string | undefined;
}

/** SHA-256 as lower-case hexadecimal digits. */
export function sha256Hex(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Lets control requests through that `api` has signed for exactly this method, path and body, once. */
export class ControlGuard {
  readonly #apiKey: PublicKeyFile;
  readonly #usedIds = new UsedIds();
  /** What was used before this process began is forgotten with it: older tokens are not taken. */
  readonly #openedAtSeconds = nowSeconds();

  constructor(apiKey: PublicKeyFile) {
    this.#apiKey = apiKey;
  }

  /** Throws `unauthenticated`, or `unavailable` while the key of `api` is missing. */
  async check(call: ControlCall): Promise<void> {
    const key = await this.#apiKey.read();
    if (key === undefined) throw new ProductError('unavailable');
    const token = /^Bearer ([\w.-]+)$/.exec(call.authorization ?? '')?.[1];
    if (token === undefined) throw new ProductError('unauthenticated');
    const claims = this.#verify(token, key);
    const isForThis = claims.request === `${call.method} ${call.path}` && claims.bodySha256 === sha256Hex(call.body);
    const isFresh = claims.iat >= this.#openedAtSeconds;
    const expiresAt = claims.exp + CLOCK_TOLERANCE_SECONDS;
    if (!isForThis || !isFresh || !this.#usedIds.use(claims.jti, expiresAt, nowSeconds())) {
      throw new ProductError('unauthenticated');
    }
  }

  #verify(token: string, key: Parameters<typeof verifyToken>[1]): ReturnType<typeof controlTokenSchema.parse> {
    try {
      const rule = { schema: controlTokenSchema, lifetimeSeconds: CONTROL_TOKEN_LIFETIME_SECONDS };
      return verifyToken(token, key, rule);
    } catch (cause) {
      throw new ProductError('unauthenticated', { cause });
    }
  }
}
