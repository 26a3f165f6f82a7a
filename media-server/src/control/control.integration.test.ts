import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import {
  errorBodySchema,
  healthSchema,
  HEARTBEAT_INTERVAL_MS,
  nodeStatusSchema,
  WEBHOOK_TOKEN_LIFETIME_SECONDS,
  webhookTokenSchema,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyToken } from '../tokens/service-token.ts';
import { documentId } from '../testing/join-tokens.ts';
import { opusParameters } from '../testing/rtp.ts';
import { TestNode } from '../testing/test-node.ts';
import { until } from '../testing/until.ts';

async function codeOf(response: Response): Promise<string> {
  return errorBodySchema.parse(await response.json()).error.code;
}

describe('control of a media node', () => {
  let media: TestNode;

  beforeAll(async () => {
    media = await TestNode.create();
  });

  afterAll(async () => {
    await media.close();
  });

  it('tells what it holds, by its books and by its workers', async () => {
    const client = await media.join();
    const response = await media.control('GET', '/control/status');
    expect(response.status).toBe(200);
    const status = nodeStatusSchema.parse(await response.json());
    expect(status.counts).toEqual({ rooms: 1, peers: 1, transports: 2, producers: 0, consumers: 0 });
    expect(status.workers.map((worker) => worker.dump)).toEqual([
      { routers: 1, transports: 2, producers: 0, consumers: 0 },
    ]);
    expect(status.routerRtpCapabilities.codecs.map((codec) => codec.mimeType)).toContain('video/H264');
    await client.ask('leave', {});
  });

  it('refuses control requests that api has not signed for exactly this', async () => {
    const path = '/control/status';
    const bare = await fetch(`${media.url}${path}`);
    expect([bare.status, await codeOf(bare)]).toEqual([401, 'unauthenticated']);
    const now = Math.floor(Date.now() / 1000);
    const wrong: Record<string, unknown>[] = [
      { aud: 'media-join' },
      { iss: 'health-connect-media' },
      { exp: now - 10, iat: now - 20 },
      { iat: now, exp: now + 31 },
      { request: 'POST /control/drain' },
      { request: 'GET /control/status?x=1' },
      { bodySha256: createHash('sha256').update('{}').digest('hex') },
      { extra: true },
    ];
    for (const claims of wrong) {
      const response = await media.control('GET', path, '', claims);
      expect(await codeOf(response), JSON.stringify(claims)).toBe('unauthenticated');
    }
    const jti = randomUUID();
    expect((await media.control('GET', path, '', { jti })).status).toBe(200);
    expect((await media.control('GET', path, '', { jti })).status).toBe(401);
    expect((await media.controlWith(media.token(), 'GET', path)).status).toBe(401);
    const header = { alg: 'HS256', typ: 'JWT' };
    const forged = jwt.sign({ request: `GET ${path}` }, 'a secret', { algorithm: 'HS256', header });
    expect((await media.controlWith(forged, 'GET', path)).status).toBe(401);
  });

  it('answers unknown paths, methods and bodies with the one error shape', async () => {
    expect(await codeOf(await media.control('GET', '/control/nothing'))).toBe('not_found');
    expect(await codeOf(await media.control('GET', '/control/drain'))).toBe('method_not_allowed');
    expect(await codeOf(await media.control('POST', '/control/rooms/x/close'))).toBe('validation_failed');
    const mute = `/control/rooms/${documentId()}/participants/${documentId()}/mute`;
    expect(await codeOf(await media.control('POST', mute, '{'))).toBe('validation_failed');
    expect(await codeOf(await media.control('POST', mute, '{"sources":[]}'))).toBe('validation_failed');
    expect(await codeOf(await media.control('POST', mute, `"${'x'.repeat(70_000)}"`))).toBe('body_too_large');
  });

  it('closes a room for everyone, voids its unused tokens, and answers again when it is gone', async () => {
    const room = documentId();
    const one = await media.join({ room });
    const waiting = await media.enter({ room });
    const unused = media.token({ room });
    expect((await media.control('POST', `/control/rooms/${room}/close`)).status).toBe(200);
    expect(await one.waitFor('removed')).toEqual({ reason: 'room-closed' });
    expect((await media.open({ protocolVersion: 1, token: unused })).refusal?.code).toBe('token_invalid');
    expect(await waiting.codeOf('join', { rtpCapabilities: { codecs: [], headerExtensions: [] } })).toBe(
      'token_invalid',
    );
    expect((await media.control('POST', `/control/rooms/${room}/close`)).status).toBe(200);
  });

  it('takes a participant out and voids the unused tokens of that one only', async () => {
    const room = documentId();
    const participantId = documentId();
    const one = await media.join({ room, participantId });
    const other = await media.join({ room });
    const unused = media.token({ room, participantId });
    const path = `/control/rooms/${room}/participants/${participantId}/remove`;
    expect((await media.control('POST', path)).status).toBe(200);
    expect(await one.waitFor('removed')).toEqual({ reason: 'removed' });
    expect(await other.waitFor('peerLeft')).toMatchObject({ reason: 'removed' });
    expect((await media.open({ protocolVersion: 1, token: unused })).refusal?.code).toBe('token_invalid');
    await media.join({ room });
  });

  it('mutes a participant by source', async () => {
    const room = documentId();
    const participantId = documentId();
    const one = await media.join({ room, participantId });
    const other = await media.join({ room });
    const rtpParameters = opusParameters();
    const request = { kind: 'audio', source: 'microphone', rtpParameters, paused: false } as const;
    const { producerId } = await one.ask('produce', request);
    await other.waitFor('consumerAdded');
    const path = `/control/rooms/${room}/participants/${participantId}/mute`;
    expect((await media.control('POST', path, '{"sources":["microphone"]}')).status).toBe(200);
    expect(await one.waitFor('producerPaused')).toEqual({ producerId });
    await other.waitFor('consumerPaused');
  });

  it('tells that it lives, and whether it can take calls', async () => {
    const healthy = await fetch(`${media.url}/healthz`);
    expect([healthy.status, healthSchema.parse(await healthy.json()).status]).toEqual([200, 'ok']);
    const ready = await fetch(`${media.url}/readyz`);
    expect([ready.status, healthSchema.parse(await ready.json()).checks]).toEqual([
      200,
      { workers: 'ok', apiPublicKey: 'ok', takesRooms: 'ok' },
    ]);
  });
});

describe('webhooks', () => {
  it('are signed, in order, kept over an outage with the same id, and follow a first heartbeat', async () => {
    const media = await TestNode.create();
    try {
      const { webhooks } = media;
      await until('the first heartbeat', () => webhooks.received.length > 0, HEARTBEAT_INTERVAL_MS - 1_000);
      expect(webhooks.received[0]?.webhook).toMatchObject({ nodeId: 'media-test', event: { type: 'node.heartbeat' } });

      webhooks.status = 503;
      const room = documentId();
      const one = await media.join({ room, name: 'Somebody' });
      await one.ask('leave', {});
      await until('two attempts', () => webhooks.events.length >= 2);
      webhooks.status = 202;
      await until('all reports', () => webhooks.events.some((event) => event.type === 'room.emptied'));

      const deliveries = webhooks.received.filter(({ webhook }) => webhook.event.type !== 'node.heartbeat');
      const ids = deliveries.map(({ webhook }) => webhook.id);
      expect(new Set(ids.slice(0, 2)).size).toBe(1);
      const kinds = new Map(deliveries.map(({ webhook }) => [webhook.id, webhook]));
      expect([...kinds.values()].map(({ event }) => event.type)).toEqual(['peer.joined', 'peer.left', 'room.emptied']);
      const sequences = [...kinds.values()].map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.toSorted((first, second) => first - second));

      const key = createPublicKey(await readFile(media.config.keys.mediaPublic, 'utf8'));
      const rule = { schema: webhookTokenSchema, lifetimeSeconds: WEBHOOK_TOKEN_LIFETIME_SECONDS };
      for (const { authorization, body } of webhooks.received) {
        const claims = verifyToken(authorization.replace('Bearer ', ''), key, rule);
        expect(claims.bodySha256).toBe(createHash('sha256').update(body).digest('hex'));
      }
      expect((await stat(media.config.keys.mediaPrivate)).mode & 0o777).toBe(0o600);
    } finally {
      await media.close();
    }
  });

  it('are given up when api refuses them for good, so that later ones come through', async () => {
    const media = await TestNode.create();
    try {
      media.webhooks.status = 400;
      const first = await media.join();
      await until('the refusal', () => media.webhooks.events.length === 1);
      media.webhooks.status = 202;
      await first.ask('leave', {});
      await until('the rest', () => media.webhooks.events.length === 3);
      expect(media.webhooks.events.map((event) => event.type)).toEqual(['peer.joined', 'peer.left', 'room.emptied']);
    } finally {
      await media.close();
    }
  });
});

describe('starting and stopping', () => {
  it('waits for the key of api: not ready and nobody let in before, both after', async () => {
    const media = await TestNode.create();
    try {
      const { apiPublic } = media.config.keys;
      await rm(apiPublic);
      const auth = { protocolVersion: 1, token: media.token() };
      expect((await media.open(auth)).refusal?.code).toBe('unavailable');
      expect((await media.control('GET', '/control/status')).status).toBe(503);
      const notReady = await fetch(`${media.url}/readyz`);
      expect([notReady.status, healthSchema.parse(await notReady.json()).checks['apiPublicKey']]).toEqual([
        503,
        'failed',
      ]);
      await writeFile(apiPublic, media.apiPublicPem);
      expect((await media.open(auth)).connected).toBe(true);
      expect((await fetch(`${media.url}/readyz`)).status).toBe(200);
    } finally {
      await media.close();
    }
  });

  it('drains: live calls go on and can be joined, new rooms cannot, and it ends with the last call (F10)', async () => {
    const media = await TestNode.create();
    try {
      const room = documentId();
      const one = await media.join({ room });
      expect((await media.control('POST', '/control/drain')).status).toBe(200);
      const stopped = media.node.shutDown(60_000);
      expect((await fetch(`${media.url}/readyz`)).status).toBe(503);
      const other = await media.join({ room });
      const newcomer = await media.enter();
      const rtpCapabilities = { codecs: [], headerExtensions: [] };
      expect(await newcomer.codeOf('join', { rtpCapabilities })).toBe('draining');
      expect([one.connected, other.connected]).toEqual([true, true]);
      await one.ask('leave', {});
      await other.ask('leave', {});
      await stopped;
      await expect(fetch(`${media.url}/healthz`)).rejects.toThrow();
      expect(media.webhooks.events.at(-1)).toEqual({ type: 'room.emptied', room });
      const drained = media.webhooks.received.filter(({ webhook }) => {
        return webhook.event.type === 'node.heartbeat' && webhook.event.draining;
      });
      expect(drained.length).toBeGreaterThan(0);
    } finally {
      await media.close();
    }
  });

  it('closes live calls with a word when the drain limit is over', async () => {
    const media = await TestNode.create();
    try {
      const one = await media.join();
      await media.node.shutDown(50);
      expect(await one.waitFor('removed')).toEqual({ reason: 'failed' });
    } finally {
      await media.close();
    }
  });
});
