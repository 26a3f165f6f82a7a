import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { seal, unseal } from '../queue/seal.ts';

const SECRET_BYTES = 32;

const partsSchema = z.tuple([
  z.uuid(),
  z.string().regex(/^\d{1,9}$/),
  z.string().regex(/^[\w-]{43}$/),
  z.string().regex(/^[\w-]{43}$/),
]);

/** A refresh token that this server has made, now or earlier. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly generation: number;
}

const macOf = (body: string, key: Buffer): Buffer => createHmac('sha256', key).update(`refresh:${body}`).digest();

/**
 * A new refresh token: session, generation, 256 random bits, and a mark of ours. The mark tells a token of an earlier
 * generation, whose replay ends the session, from an invention, which must not end anything.
 */
export function newRefreshToken({ sessionId, generation }: RefreshToken, key: Buffer): string {
  const body = `${sessionId}.${generation}.${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return `${body}.${macOf(body, key).toString('base64url')}`;
}

/** What a refresh token says of itself, `undefined` when this server has not made it. */
export function readRefreshToken(token: string, key: Buffer): RefreshToken | undefined {
  const parsed = partsSchema.safeParse(token.split('.'));
  if (!parsed.success) return undefined;
  const [sessionId, generation, secret, mac] = parsed.data;
  const expected = macOf(`${sessionId}.${generation}.${secret}`, key);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return { sessionId, generation: Number(generation) };
}

/** The stored form: 256 random bits need no slow hash. */
export const refreshTokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');

const sealKey = (token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', 'health-connect refresh successor', SECRET_BYTES));

/** Seals a token so that only who holds its predecessor can read it: the database alone gives neither. */
export const sealSuccessor = (successor: string, predecessor: string): string =>
  seal(successor, sealKey(predecessor)).toString('base64url');

/** @throws Error when the predecessor is another one */
export const openSuccessor = (sealed: string, predecessor: string): string =>
  unseal(Buffer.from(sealed, 'base64url'), sealKey(predecessor));
