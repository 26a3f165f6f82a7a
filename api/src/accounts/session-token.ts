import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { documentIdSchema } from '@health-connect/contract';
import { z } from 'zod';

const ALGORITHM = 'HS256';
const ISSUER = 'health-connect-api';
const AUDIENCE = 'health-connect-session';

const claimsSchema = z.strictObject({
  iss: z.literal(ISSUER),
  aud: z.literal(AUDIENCE),
  iat: z.int(),
  exp: z.int(),
  /** The account. */
  sub: documentIdSchema,
  /** The stored session, without which the token is worth nothing. */
  sid: z.uuid(),
});

export interface SessionClaims {
  readonly accountId: string;
  readonly sessionId: string;
}

const toSeconds = (ms: number): number => Math.floor(ms / 1000);

/** Makes the token of the session cookie. */
export function signSessionToken(claims: SessionClaims, key: KeyObject, nowMs: number, expiresAt: Date): string {
  const payload: z.input<typeof claimsSchema> = {
    iss: ISSUER,
    aud: AUDIENCE,
    iat: toSeconds(nowMs),
    exp: toSeconds(expiresAt.getTime()),
    sub: claims.accountId,
    sid: claims.sessionId,
  };
  return jwt.sign(payload, key, { algorithm: ALGORITHM });
}

/** Claims of a session token, or `undefined` when it is not one of ours, not for this purpose, or expired. */
export function readSessionToken(token: string, key: KeyObject, nowMs: number): SessionClaims | undefined {
  try {
    const verified = jwt.verify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTimestamp: toSeconds(nowMs),
    });
    const claims = claimsSchema.safeParse(verified);
    return claims.success ? { accountId: claims.data.sub, sessionId: claims.data.sid } : undefined;
  } catch {
    // Whatever it throws, a foreign text caused it: a payload that is no JSON, for one, is a plain SyntaxError.
    return undefined;
  }
}
