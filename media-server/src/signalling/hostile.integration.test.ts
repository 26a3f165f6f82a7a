import { ERROR_CODES } from '@health-connect/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileMessages, hostileTracks, type ForeignIds } from '../testing/hostile-messages.ts';
import { documentId } from '../testing/join-tokens.ts';
import { clientDtls, opusParameters, vp8SimulcastParameters } from '../testing/rtp.ts';
import type { TestClient } from '../testing/test-client.ts';
import { TestNode } from '../testing/test-node.ts';
import { until } from '../testing/until.ts';

const SEED = 20_261_122;
/** Fewer than the rate limit lets through at once, so that each message meets the check it is made for. */
const MESSAGES_PER_SOCKET = 50;

describe('hostile signalling beside a call', () => {
  let media: TestNode;
  let doctor: TestClient;
  let patient: TestClient;
  let room: string;
  let cameraId: string;
  let foreign: ForeignIds;
  let workerPid: number;

  beforeAll(async () => {
    media = await TestNode.create();
    room = documentId();
    doctor = await media.join({ room, party: 'doctor' });
    const rtpParameters = vp8SimulcastParameters();
    cameraId = (await doctor.ask('produce', { kind: 'video', source: 'camera', rtpParameters, paused: false }))
      .producerId;
    patient = await media.join({ room });
    const [consumer] = patient.state.consumers;
    foreign = { transportId: patient.state.receiveTransport.id, producerId: cameraId, consumerId: consumer?.id ?? '' };
    workerPid = (await media.node.status()).workers[0]?.pid ?? 0;
  });

  afterAll(async () => {
    await media.close();
  });

  /** The call of the two goes on: same worker, same track, same consumer, and what one does reaches the other. */
  async function expectUnharmed(): Promise<void> {
    expect([doctor.connected, patient.connected]).toEqual([true, true]);
    expect([...doctor.told('removed'), ...patient.told('removed'), ...doctor.told('producerPaused')]).toEqual([]);
    const { consumerId } = foreign;
    expect([...patient.told('consumerClosed'), ...patient.told('consumerPaused')]).not.toContainEqual({ consumerId });
    expect((await media.node.status()).workers.map((worker) => worker.pid)).toEqual([workerPid]);
    await patient.ask('resumeConsumer', { consumerId: foreign.consumerId });
    await doctor.ask('pauseProducer', { producerId: cameraId });
    expect(await patient.waitFor('consumerPaused')).toEqual({ consumerId: foreign.consumerId });
    await doctor.ask('resumeProducer', { producerId: cameraId });
    await patient.waitFor('consumerResumed');
    patient.events.length = 0;
  }

  async function intruder(): Promise<TestClient> {
    const client = await media.join({ room });
    await client.ask('produce', {
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    });
    return client;
  }

  /** A closed socket keeps its place for a while; the room is small. */
  async function goes(client: TestClient): Promise<void> {
    if (client.connected) await client.send('leave', {});
    client.close();
  }

  /** Sends messages from as many sockets as needed; the codes that came back. */
  async function codesOf(hasJoined: boolean, count: number): Promise<string[]> {
    const messages = fc.sample(hostileMessages(foreign, hasJoined), { numRuns: count, seed: SEED });
    const codes: string[] = [];
    for (let first = 0; first < messages.length; first += MESSAGES_PER_SOCKET) {
      const client = hasJoined ? await intruder() : await media.enter({ room });
      for (const { name, payloads } of messages.slice(first, first + MESSAGES_PER_SOCKET)) {
        const code = await client.codeOf(name, ...payloads);
        expect(code, `${name} ${JSON.stringify(payloads).slice(0, 300)}`).not.toBe('ok');
        codes.push(code);
      }
      expect(client.connected).toBe(true);
      await goes(client);
    }
    return codes;
  }

  it('refuses 300 generated messages of somebody in the room', async () => {
    const codes = await codesOf(true, 300);
    expect(codes).toHaveLength(300);
    const seen = new Set(codes);
    expect([...seen].filter((code) => !ERROR_CODES.some((known) => known === code))).toEqual([]);
    // The set reaches every kind of refusal, and none of our own mistakes.
    for (const code of [
      'validation_failed',
      'transport_not_found',
      'producer_not_found',
      'consumer_not_found',
      'already_joined',
      'limit_exceeded',
    ]) {
      expect(seen).toContain(code);
    }
    expect(seen).not.toContain('internal');
    expect(seen).not.toContain('rate_limited');
    await expectUnharmed();
  });

  it('refuses 150 generated messages of somebody who has not joined', async () => {
    const codes = new Set(await codesOf(false, 150));
    expect(codes).toContain('not_joined');
    expect(codes).not.toContain('internal');
    await expectUnharmed();
  });

  it.each(hostileTracks())('refuses a track with $what', async ({ kind, rtpParameters }) => {
    const client = await media.join({ room });
    const source = kind === 'audio' ? 'microphone' : 'camera';
    expect(await client.codeOf('produce', { kind, source, rtpParameters, paused: false })).toBe('media_rejected');
    await goes(client);
    await expectUnharmed();
  });

  it('refuses what is sent again: tracks, transports, leaving', async () => {
    const client = await intruder();
    const { id: transportId } = client.state.sendTransport;
    const connect = { transportId, dtlsParameters: clientDtls };
    await client.ask('connectTransport', connect);
    expect(await client.codeOf('connectTransport', connect)).toBe('transport_state');
    const screen = {
      kind: 'video',
      source: 'screen',
      rtpParameters: vp8SimulcastParameters('s'),
      paused: true,
    } as const;
    const { producerId } = await client.ask('produce', screen);
    expect(await client.codeOf('produce', screen)).toBe('limit_exceeded');
    await client.ask('closeProducer', { producerId });
    expect(await client.codeOf('closeProducer', { producerId })).toBe('producer_not_found');
    const leaving = [client.send('leave', {}), client.codeOf('leave', {})] as const;
    expect((await leaving[0]).ok).toBe(true);
    // The socket may end before the second answer is out.
    expect(['not_joined', 'no answer']).toContain(await leaving[1].catch(() => 'no answer'));
    await expectUnharmed();
  });

  it('drops messages that ask for no answer, and closes nothing for it', async () => {
    const client = await intruder();
    for (const name of ['produce', 'leave', 'error', 'nothing']) client.emit(name, {});
    expect(await client.codeOf('pauseProducer', { producerId: foreign.producerId })).toBe('producer_not_found');
    await goes(client);
    await expectUnharmed();
  });

  it('closes a socket that sends a message above 64 KiB', async () => {
    const client = await intruder();
    client.emit('produce', { padding: 'x'.repeat(66_000) });
    await until('the socket to end', () => !client.connected, 3_000);
    await expectUnharmed();
  });

  it.each([
    ['broken JSON', '42/media,1["join",{'],
    ['a packet type that does not exist', '49/media,["join"]'],
    ['a reserved name', '42/media,1["disconnecting",{}]'],
    ['a number for a name', '42/media,1[7,{}]'],
    ['an object for a name', '42/media,1[{"toString":1},{}]'],
    ['more attachments than it brings', '459999-/media,1["join",{"_placeholder":true,"num":0}]'],
    ['an acknowledgement that nobody asked for', '43/media,99[{}]'],
  ])('survives %s below Socket.IO', async (_what, text) => {
    const client = await media.enter({ room });
    client.sendRaw(text);
    const harmless = await media.join({ room });
    harmless.close();
    await goes(client);
    await expectUnharmed();
  });

  it('answers a flood with rate_limited, and closes a socket that goes on', async () => {
    const client = await intruder();
    const codes: string[] = [];
    for (let index = 0; index < 600; index += 1) {
      void client.codeOf('restartIce', { transportId: foreign.transportId }).then(
        (code) => codes.push(code),
        () => undefined,
      );
    }
    await until('the socket to end', () => !client.connected);
    expect(codes).toContain('rate_limited');
    expect(codes).not.toContain('ok');
    await expectUnharmed();
  });
});
