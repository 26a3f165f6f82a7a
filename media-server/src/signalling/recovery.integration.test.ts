import { randomUUID } from 'node:crypto';
import { MEDIA_PROTOCOL_VERSION } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentId } from '../testing/join-tokens.ts';
import { clientDtls, opusParameters, vp8SimulcastParameters } from '../testing/rtp.ts';
import type { TestClient } from '../testing/test-client.ts';
import { TestNode } from '../testing/test-node.ts';
import { until } from '../testing/until.ts';

const protocolVersion = MEDIA_PROTOCOL_VERSION;

async function publishMicrophone(client: TestClient): Promise<string> {
  const rtpParameters = opusParameters();
  const { producerId } = await client.ask('produce', {
    kind: 'audio',
    source: 'microphone',
    rtpParameters,
    paused: false,
  });
  return producerId;
}

async function publishCamera(client: TestClient): Promise<string> {
  const rtpParameters = vp8SimulcastParameters();
  const { producerId } = await client.ask('produce', { kind: 'video', source: 'camera', rtpParameters, paused: false });
  return producerId;
}

describe('what happens to others, and after losses', () => {
  let media: TestNode;

  beforeAll(async () => {
    media = await TestNode.create();
  });

  afterAll(async () => {
    await media.close();
  });

  async function pair(): Promise<{ room: string; one: TestClient; other: TestClient; otherId: string }> {
    const room = documentId();
    const otherId = randomUUID();
    const one = await media.join({ room, party: 'doctor' });
    const other = await media.join({ room, peerId: otherId });
    return { room, one, other, otherId };
  }

  it('tells the other side of mute, unmute and stop', async () => {
    const { one, other } = await pair();
    const producerId = await publishMicrophone(other);
    const { consumer } = await one.waitFor('consumerAdded');
    await one.ask('resumeConsumer', { consumerId: consumer.id });
    await other.ask('pauseProducer', { producerId });
    await other.ask('resumeProducer', { producerId });
    await other.ask('closeProducer', { producerId });
    await one.waitFor('consumerClosed');
    const told = one.events.map((event) => event.name).filter((name) => name.startsWith('consumer'));
    expect(told).toEqual(['consumerAdded', 'consumerPaused', 'consumerResumed', 'consumerClosed']);
    expect(await other.codeOf('pauseProducer', { producerId })).toBe('producer_not_found');
    expect(await one.codeOf('resumeConsumer', { consumerId: consumer.id })).toBe('consumer_not_found');
  });

  it('takes views, pauses and resumes of consumers with layers', async () => {
    const { one, other } = await pair();
    await publishCamera(other);
    const { consumer } = await one.waitFor('consumerAdded');
    await one.ask('resumeConsumer', { consumerId: consumer.id });
    for (const widthPx of [1280, 640, 160, 0, 8192]) {
      await one.ask('setView', { tiles: [{ consumerId: consumer.id, widthPx }] });
    }
    await one.ask('pauseConsumer', { consumerId: consumer.id });
  });

  it('connects a transport once and restarts its ICE with new credentials (R10)', async () => {
    const client = await media.join();
    const { id: transportId, iceParameters } = client.state.receiveTransport;
    await client.ask('connectTransport', { transportId, dtlsParameters: clientDtls });
    expect(await client.codeOf('connectTransport', { transportId, dtlsParameters: clientDtls })).toBe(
      'transport_state',
    );
    const restarted = await client.ask('restartIce', { transportId });
    expect(restarted.iceParameters.usernameFragment).not.toBe(iceParameters.usernameFragment);
  });

  it('gives the place of somebody who joins again to the newer one', async () => {
    const room = documentId();
    const participantId = documentId();
    const witness = await media.join({ room });
    const first = await media.join({ room, participantId });
    const second = await media.join({ room, participantId });
    expect(await first.waitFor('removed')).toEqual({ reason: 'replaced' });
    await until('the older socket to end', () => !first.connected);
    expect(await witness.waitFor('peerLeft')).toMatchObject({ reason: 'replaced' });
    expect(second.state.peers).toHaveLength(1);
    expect(second.connected).toBe(true);
  });

  it('resumes after the connection was lost, with the same tracks and what happened meanwhile', async () => {
    const { one, other, otherId } = await pair();
    const producerId = await publishMicrophone(other);
    await one.waitFor('consumerAdded');
    other.cut();
    expect(await one.waitFor('peerReachabilityChanged')).toEqual({ peerId: otherId, reachable: false });
    const cameraId = await publishCamera(one);

    const { sessionSecret } = other.state;
    const again = await media.open({ protocolVersion, peerId: otherId, sessionSecret });
    expect(await again.codeOf('pauseProducer', { producerId })).toBe('not_joined');
    const state = await again.ask('resume', {});
    expect(state.producers).toEqual([{ id: producerId, source: 'microphone', paused: false }]);
    expect(state.consumers).toMatchObject([{ producerId: cameraId }]);
    expect(state.peers).toHaveLength(1);
    await until('the return to be told', () => one.told('peerReachabilityChanged').length === 2);
    expect(one.told('peerReachabilityChanged')[1]).toEqual({ peerId: otherId, reachable: true });
    await again.ask('pauseProducer', { producerId });
    expect(one.told('peerLeft')).toEqual([]);
    expect(await again.codeOf('resume', {})).toBe('already_joined');
  });

  it('lets a resumed socket take over from one that has not noticed its own end', async () => {
    const { one, other, otherId } = await pair();
    const { sessionSecret } = other.state;
    const again = await media.open({ protocolVersion, peerId: otherId, sessionSecret });
    await again.ask('resume', {});
    await until('the older socket to end', () => !other.connected);
    expect(other.told('removed')).toEqual([]);
    await publishMicrophone(again);
    await one.waitFor('consumerAdded');
    expect(one.told('peerReachabilityChanged')).toEqual([]);
  });

  it('refuses join on a resumed socket and resume on a fresh one', async () => {
    const { other, otherId } = await pair();
    const { sessionSecret } = other.state;
    const again = await media.open({ protocolVersion, peerId: otherId, sessionSecret });
    const rtpCapabilities = { codecs: [], headerExtensions: [] };
    expect(await again.codeOf('join', { rtpCapabilities })).toBe('token_invalid');
    const fresh = await media.enter();
    expect(await fresh.codeOf('resume', {})).toBe('session_unknown');
    await fresh.join();
    expect(await fresh.codeOf('join', { rtpCapabilities })).toBe('already_joined');
  });

  it('gives a lost peer up after the resume window (F12: within 20 s)', { timeout: 25_000 }, async () => {
    const { one, other, otherId } = await pair();
    other.cut();
    await until('the peer to be gone', () => one.told('peerLeft').length === 1, 20_000);
    expect(one.told('peerLeft')).toEqual([{ peerId: otherId, reason: 'lost' }]);
    const auth = { protocolVersion, peerId: otherId, sessionSecret: other.state.sessionSecret };
    expect((await media.open(auth)).refusal?.code).toBe('session_unknown');
  });
});

describe('a worker that dies', () => {
  it('ends its calls with a word, and a replacement takes new ones (F1)', async () => {
    const media = await TestNode.create();
    try {
      const room = documentId();
      const one = await media.join({ room });
      const other = await media.join({ room });
      await publishMicrophone(one);
      const pid = (await media.node.status()).workers[0]?.pid ?? 0;
      process.kill(pid, 'SIGKILL');
      expect(await one.waitFor('removed')).toEqual({ reason: 'failed' });
      expect(await other.waitFor('removed')).toEqual({ reason: 'failed' });
      const next = await media.join({ room });
      await publishMicrophone(next);
      const status = await media.node.status();
      expect(status.workers[0]?.pid).not.toBe(pid);
      expect(status.counts).toEqual({ rooms: 1, peers: 1, transports: 2, producers: 1, consumers: 0 });
      await until('the report', () => media.webhooks.events.some((event) => event.type === 'worker.died'));
      expect(media.webhooks.events).toContainEqual({ type: 'worker.died', rooms: [room] });
    } finally {
      await media.close();
    }
  });

  it('costs only the calls that it carried', async () => {
    const media = await TestNode.create({ workers: 2 });
    try {
      const here = await media.join();
      const there = await media.join();
      const { workers } = await media.node.status();
      expect(workers.map((worker) => worker.dump.routers)).toEqual([1, 1]);
      process.kill(workers[0]?.pid ?? 0, 'SIGKILL');
      await until('one call to end', () => here.told('removed').length + there.told('removed').length === 1);
      const survivor = here.connected && here.told('removed').length === 0 ? here : there;
      await publishMicrophone(survivor);
      await until('the replacement', async () => (await media.node.status()).workers.length === 2);
    } finally {
      await media.close();
    }
  });
});
