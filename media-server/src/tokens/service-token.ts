import { randomUUID, type KeyObject } from 'node:crypto';
import { ProductError, SERVICE_TOKEN_ALGORITHM } from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import type { z } from 'zod';

/** How far the clocks of two servers may differ, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 2;

/** Claims that every token between the servers carries. */
interface ServiceClaims {
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** What a token must be. The schema fixes issuer and audience and refuses claims that it does not know. */
export interface TokenRule<C extends ServiceClaims> {
  readonly schema: z.ZodType<C>;
  /** Longest time between `iat` and `exp`. */
  readonly lifetimeSeconds: number;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * Checks a token: ES256 and nothing else (RFC 8725, 3.1), the one known key (`jwk`, `jku` and `kid` are not looked at),
 * not expired, not from the future, not longer-lived than allowed, no unknown claims. Throws `token_invalid`.
 */
export function verifyToken<C extends ServiceClaims>(token: string, key: KeyObject, rule: TokenRule<C>): C {
  let payload: unknown;
  try {
    payload = jwt.verify(token, key, {
      algorithms: [SERVICE_TOKEN_ALGORITHM],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
  } catch (cause) {
    throw new ProductError('token_invalid', { cause });
  }
  const parsed = rule.schema.safeParse(payload);
  if (!parsed.success) throw new ProductError('token_invalid', { cause: parsed.error });
  const { iat, exp } = parsed.data;
  const lifetimeSeconds = exp - iat;
  const isFromFuture = iat > nowSeconds() + CLOCK_TOLERANCE_SECONDS;
  if (lifetimeSeconds <= 0 || lifetimeSeconds > rule.lifetimeSeconds || isFromFuture) {
    throw new ProductError('token_invalid');
  }
  return parsed.data;
}

/** Signs claims with this node's key; `iat`, `exp` and `jti` are added. */
export function signToken(claims: Readonly<Record<string, string>>, key: KeyObject, lifetimeSeconds: number): string {
  const iat = nowSeconds();
  const payload = { ...claims, iat, exp: iat + lifetimeSeconds, jti: randomUUID() };
  return jwt.sign(payload, key, { algorithm: SERVICE_TOKEN_ALGORITHM });
}
