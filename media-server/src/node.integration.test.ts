import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentId } from './testing/join-tokens.ts';
import { clientDtls, opusParameters, vp8SimulcastParameters } from './testing/rtp.ts';
import { TestNode } from './testing/test-node.ts';
import { until } from './testing/until.ts';

describe('a call through a media node', () => {
  let media: TestNode;

  beforeAll(async () => {
    media = await TestNode.create();
  });

  afterAll(async () => {
    await media.close();
  });

  /** What the node holds by its own books must be what the worker says. */
  async function agreedCounts(): Promise<Record<string, number>> {
    const { counts, workers } = await media.node.status();
    const dump = workers[0]?.dump;
    expect(dump).toEqual({
      routers: counts.rooms,
      transports: counts.transports,
      producers: counts.producers,
      consumers: counts.consumers,
    });
    return counts;
  }

  it('joins in one request, publishes, is received, and leaves nothing behind', async () => {
    const room = documentId();
    const doctor = await media.join({ room, party: 'doctor', name: 'Dr. First' });
    expect(doctor.state.peers).toEqual([]);
    expect(doctor.state.consumers).toEqual([]);
    expect(doctor.state.sendTransport.iceCandidates.map(({ protocol, port }) => ({ protocol, port }))).toEqual([
      { protocol: 'udp', port: media.config.rtcPort },
      { protocol: 'tcp', port: media.config.rtcPort },
    ]);

    const { sendTransport } = doctor.state;
    const connecting = doctor.ask('connectTransport', { transportId: sendTransport.id, dtlsParameters: clientDtls });
    const camera = await doctor.ask('produce', {
      kind: 'video',
      source: 'camera',
      rtpParameters: vp8SimulcastParameters(),
      paused: false,
    });
    await connecting;

    const patient = await media.join({ room, name: 'Pat Second' });
    expect(patient.state.peers.map((peer) => peer.name)).toEqual(['Dr. First']);
    expect(patient.state.consumers).toMatchObject([
      { producerId: camera.producerId, kind: 'video', source: 'camera', producerPaused: false },
    ]);
    expect((await doctor.waitFor('peerJoined')).peer).toMatchObject({ name: 'Pat Second', reachable: true });

    const microphone = await doctor.ask('produce', {
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: true,
    });
    const { consumer } = await patient.waitFor('consumerAdded');
    expect(consumer).toMatchObject({ producerId: microphone.producerId, kind: 'audio', producerPaused: true });
    await patient.ask('resumeConsumer', { consumerId: consumer.id });
    expect(await agreedCounts()).toEqual({ rooms: 1, peers: 2, transports: 4, producers: 2, consumers: 2 });

    await patient.ask('leave', {});
    expect(await doctor.waitFor('peerLeft')).toMatchObject({ reason: 'left' });
    await until('the socket of the one who left to end', () => !patient.connected);
    expect(patient.told('removed')).toEqual([]);
    await doctor.ask('leave', {});
    expect(await agreedCounts()).toEqual({ rooms: 0, peers: 0, transports: 0, producers: 0, consumers: 0 });
  });
});
