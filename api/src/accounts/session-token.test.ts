import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { readSessionToken, signSessionToken } from './session-token.ts';

const key = createSecretKey(randomBytes(32));
const now = 1_800_000_000_000;
const claims = { accountId: '0123456789abcdef01234567', sessionId: '0b8a4ba9-31a3-4f0e-9d3e-51f2d3ecb3d7' };
const good = {
  iss: 'health-connect-api',
  aud: 'health-connect-session',
  iat: now / 1000,
  exp: now / 1000 + 60,
  sub: claims.accountId,
  sid: claims.sessionId,
};

describe('session tokens (A2, RFC 8725)', () => {
  it('carry account and session until they expire', () => {
    const token = signSessionToken(claims, key, now, new Date(now + 60_000));
    expect(readSessionToken(token, key, now)).toEqual(claims);
    expect(readSessionToken(token, key, now + 59_999)).toEqual(claims);
    expect(readSessionToken(token, key, now + 60_000)).toBeUndefined();
  });

  it('are not accepted with any other algorithm or key', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' });
    // Keys that the token itself brings along or points to (RFC 8725, 3.10).
    const ownSecret = randomBytes(32);
    const jwk = { kty: 'oct', k: ownSecret.toString('base64url') };
    const ownKey = { jwk, jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert', kid: 'k' };
    const forged = [
      jwt.sign(good, '', { algorithm: 'none' }),
      jwt.sign(good, pair.privateKey, { algorithm: 'RS256' }),
      jwt.sign(good, publicPem, { algorithm: 'HS256' }),
      jwt.sign(good, key, { algorithm: 'HS512' }),
      jwt.sign(good, randomBytes(32), { algorithm: 'HS256' }),
      jwt.sign(good, randomBytes(32), { algorithm: 'HS256', header: { alg: 'HS256', kid: '../../dev/null' } }),
      jwt.sign(good, '', { algorithm: 'none', header: { alg: 'none', typ: 'JWT' } }),
      jwt.sign(good, pair.privateKey, { algorithm: 'RS256', header: { alg: 'RS256', ...ownKey } }),
      jwt.sign(good, ownSecret, { algorithm: 'HS256', header: { alg: 'HS256', ...ownKey } }),
    ];
    for (const token of forged) expect(readSessionToken(token, key, now)).toBeUndefined();
    expect(readSessionToken(jwt.sign(good, key, { algorithm: 'HS256' }), key, now)).toEqual(claims);
  });

  it('are not accepted for another purpose, or with other claims', () => {
    const others = [
      { ...good, aud: 'media-join' },
      { ...good, iss: 'health-connect-media' },
      { ...good, sid: undefined },
      { ...good, sub: 'me' },
      { ...good, exp: undefined },
      { ...good, role: 'administrator' },
    ];
    for (const other of others) {
      const payload = Object.fromEntries(Object.entries(other).filter(([, value]) => value !== undefined));
      expect(readSessionToken(jwt.sign(payload, key, { algorithm: 'HS256' }), key, now)).toBeUndefined();
    }
  });
});
