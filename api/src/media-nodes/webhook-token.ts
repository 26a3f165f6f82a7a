import { createHash, type KeyObject } from 'node:crypto';
import {
  MEDIA_ISSUER,
  ProductError,
  SERVICE_TOKEN_ALGORITHM,
  WEBHOOK_TOKEN_AUDIENCE,
  WEBHOOK_TOKEN_LIFETIME_SECONDS,
  webhookTokenSchema,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import type { Clock } from '../clock.ts';

/** Clocks of two machines may differ by so much. */
const CLOCK_TOLERANCE_SECONDS = 5;

function claimsOf(token: string, publicKey: KeyObject, nowMs: number): unknown {
  try {
    return jwt.verify(token, publicKey, {
      algorithms: [SERVICE_TOKEN_ALGORITHM],
      issuer: MEDIA_ISSUER,
      audience: WEBHOOK_TOKEN_AUDIENCE,
      clockTimestamp: Math.floor(nowMs / 1000),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
  } catch (cause) {
    throw new ProductError('unauthenticated', { cause });
  }
}

/**
 * Checks that a media node has signed exactly this body, not long ago.
 * @throws ProductError `unauthenticated`
 */
export async function requireMediaNode(
  authorization: string | undefined,
  rawBody: Buffer,
  readPublicKey: () => Promise<KeyObject | undefined>,
  clock: Clock,
): Promise<void> {
  const token = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
  const publicKey = await readPublicKey();
  if (token === undefined || publicKey === undefined) throw new ProductError('unauthenticated');
  const claims = webhookTokenSchema.safeParse(claimsOf(token, publicKey, clock.now()));
  const bodySha256 = createHash('sha256').update(rawBody).digest('hex');
  const valid =
    claims.success &&
    claims.data.bodySha256 === bodySha256 &&
    claims.data.exp - claims.data.iat <= WEBHOOK_TOKEN_LIFETIME_SECONDS;
  if (!valid) throw new ProductError('unauthenticated');
}
