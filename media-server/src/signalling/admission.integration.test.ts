import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { JOIN_TOKEN_LIFETIME_SECONDS, MEDIA_PROTOCOL_VERSION, type JoinTokenClaims } from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentId, joinClaims, signAsApi } from '../testing/join-tokens.ts';
import { TestNode } from '../testing/test-node.ts';
import { until } from '../testing/until.ts';

const protocolVersion = MEDIA_PROTOCOL_VERSION;

describe('the door of the media namespace', () => {
  let media: TestNode;

  beforeAll(async () => {
    media = await TestNode.create();
  });

  afterAll(async () => {
    await media.close();
  });

  async function codeFor(auth: object): Promise<string | undefined> {
    const client = await media.open(auth);
    expect(client.connected && client.refusal !== undefined).toBe(false);
    return client.refusal?.code;
  }

  async function codeForToken(token: string): Promise<string | undefined> {
    return codeFor({ protocolVersion, token });
  }

  /** A token as `api` would sign it, with other claims. */
  function signed(changes: object): string {
    return signAsApi({ ...joinClaims(), ...changes }, media.apiKey);
  }

  function unsigned(claims: JoinTokenClaims, header: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part(header)}.${part(claims)}.`;
  }

  const now = (): number => Math.floor(Date.now() / 1000);

  it('lets a good token in, once', async () => {
    const token = media.token();
    expect(await codeForToken(token)).toBeUndefined();
    expect(await codeForToken(token)).toBe('token_used');
  });

  it('lets one of two simultaneous uses of a token in', async () => {
    const token = media.token();
    const codes = await Promise.all([codeForToken(token), codeForToken(token)]);
    expect(codes.toSorted()).toEqual(['token_used', undefined]);
  });

  it('takes no token that is older than its own process, for it cannot know whether that was used', async () => {
    const iat = now() - 30;
    expect(await codeForToken(signAsApi(joinClaims({ iat, exp: iat + 60 }), media.apiKey))).toBe('token_invalid');
  });

  it('refuses unsigned tokens (RFC 8725, 2.1)', async () => {
    expect(await codeForToken(unsigned(joinClaims(), { alg: 'none', typ: 'JWT' }))).toBe('token_invalid');
    expect(await codeForToken(unsigned(joinClaims(), { alg: 'None' }))).toBe('token_invalid');
  });

  it('refuses an HMAC made with the public key as the secret (RFC 8725, 2.1)', async () => {
    const header = { alg: 'HS256', typ: 'JWT' };
    const body = unsigned(joinClaims(), header).slice(0, -1);
    const mac = createHmac('sha256', media.apiPublicPem).update(body).digest('base64url');
    expect(await codeForToken(`${body}.${mac}`)).toBe('token_invalid');
  });

  it('refuses a key that the token itself brings', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
    const token = jwt.sign(joinClaims(), privateKey, { algorithm: 'ES256', header: { alg: 'ES256', ...{ jwk } } });
    expect(await codeForToken(token)).toBe('token_invalid');
  });

  it('refuses another signature algorithm of a good issuer', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await codeForToken(jwt.sign(joinClaims(), privateKey, { algorithm: 'RS256' }))).toBe('token_invalid');
  });

  const wrong: [string, () => object][] = [
    ['that has expired', () => ({ iat: now() - 120, exp: now() - 61 })],
    ['that lives longer than 60 s', () => ({ iat: now() - 1, exp: now() + JOIN_TOKEN_LIFETIME_SECONDS })],
    ['that ends before it begins', () => ({ iat: now() + 1, exp: now() + 1 })],
    ['from the future', () => ({ iat: now() + 30, exp: now() + 60 })],
    ['for another audience', () => ({ aud: 'media-control' })],
    ['for several audiences', () => ({ aud: ['media-join', 'media-control'] })],
    ['of another issuer', () => ({ iss: 'health-connect-media' })],
    ['for another node', () => ({ node: 'media-2' })],
    ['with a claim too many', () => ({ admin: true })],
    [
      'with a grant too many',
      () => ({ grants: { publish: ['microphone', 'everything'], receive: true, moderate: false } }),
    ],
    ['without an id', () => ({ jti: undefined })],
    ['without an expiry', () => ({ exp: undefined })],
    ['with a room that is no id', () => ({ room: '../../etc' })],
    ['with an operator for a room', () => ({ room: { $ne: null } })],
  ];
  it.each(wrong)('refuses a token %s', async (_what, changes) => {
    // As JSON: what a test sets to undefined is left out of the token.
    const claims = JSON.stringify({ ...joinClaims(), ...changes() });
    expect(await codeForToken(jwt.sign(claims, media.apiKey, { algorithm: 'ES256' }))).toBe('token_invalid');
  });

  it('refuses a token whose claims were changed after signing', async () => {
    const [header, , signature] = media.token().split('.');
    const claims = Buffer.from(JSON.stringify(joinClaims())).toString('base64url');
    expect(await codeForToken(`${header}.${claims}.${signature}`)).toBe('token_invalid');
  });

  it('refuses handshakes that are not of the contract', async () => {
    expect(await codeFor({})).toBe('validation_failed');
    expect(await codeFor({ protocolVersion })).toBe('validation_failed');
    expect(await codeFor({ protocolVersion, token: 7 })).toBe('validation_failed');
    expect(await codeFor({ protocolVersion, token: 'x'.repeat(5000) })).toBe('validation_failed');
    expect(await codeFor({ protocolVersion, token: media.token(), extra: 1 })).toBe('validation_failed');
    expect(await codeFor({ protocolVersion: protocolVersion + 1, token: media.token() })).toBe('protocol_unsupported');
    expect(await codeFor({ protocolVersion: 0 })).toBe('protocol_unsupported');
  });

  it('refuses to resume with the secret of another peer', async () => {
    const { state } = await media.join();
    const auth = { protocolVersion, peerId: randomUUID(), sessionSecret: state.sessionSecret };
    expect(await codeFor(auth)).toBe('session_unknown');
  });

  it('refuses to resume with a wrong secret', async () => {
    const peerId = randomUUID();
    const client = await media.join({ peerId });
    const wrongSecret = client.state.sessionSecret.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    expect(await codeFor({ protocolVersion, peerId, sessionSecret: wrongSecret })).toBe('session_unknown');
    expect(await codeFor({ protocolVersion, peerId, sessionSecret: client.state.sessionSecret })).toBeUndefined();
  });

  it('refuses pages of other origins, and clients that name none', async () => {
    const auth = { protocolVersion, token: media.token() };
    const evil = await media.open(auth, 'http://evil.test');
    expect([evil.connected, evil.failed]).toEqual([false, true]);
    const nobody = await media.open(auth, '');
    expect([nobody.connected, nobody.failed]).toEqual([false, true]);
    // Neither has used the token up.
    expect(await codeFor(auth)).toBeUndefined();
  });

  it('refuses a socket outside the media namespace', async () => {
    const socket = io(media.url, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'http://clinic.test' },
    });
    let refused: string | undefined;
    socket.on('connect_error', (error) => (refused = error.message));
    await until('the refusal', () => refused !== undefined);
    socket.disconnect();
    expect(refused).toBe('not_found');
  });

  it('closes a socket that does not join in time', { timeout: 20_000 }, async () => {
    const client = await media.enter();
    await until('the socket to end', () => !client.connected, 15_000);
    expect(client.disconnected).toBe('io server disconnect');
  });

  it('writes no token, secret or name to the log', async () => {
    const token = media.token({ name: 'Canary Person' });
    await codeForToken(token);
    await codeForToken(signed({ aud: 'canary' }));
    const client = await media.join({ name: 'Canary Person', room: documentId() });
    const log = media.logLines.join('');
    expect(log).toContain('media request');
    expect(log).not.toContain(token);
    expect(log).not.toContain(client.state.sessionSecret);
    expect(log).not.toContain('Canary');
  });
});
