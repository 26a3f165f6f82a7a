import { expect, it } from 'vitest';
import { fakeTrack } from './testing/fake-engine.ts';
import { enterFakeRoom } from './testing/room.ts';

it('refuses a track that the protocol cannot carry, and takes the next one', async () => {
  const { connection, send } = await enterFakeRoom();
  const good = send.rtpParameters;
  send.rtpParameters = { ...good, codecs: [] };
  const wanted = { track: fakeTrack('audio'), on: true };
  await expect(connection.publisher.sync('microphone', wanted)).rejects.toThrow();
  send.rtpParameters = good;
  await connection.publisher.sync('microphone', wanted);
  expect(send.producers).toHaveLength(1);
});

it('reports a transport as failed when its DTLS parameters cannot be handed over', async () => {
  const { connection, send, socket } = await enterFakeRoom();
  const states: string[] = [];
  connection.on('transportState', ({ direction, state }) => states.push(`${direction} ${state}`));
  let told = false;
  send.connect({ fingerprints: [] }, () => (told = true));
  await expect.poll(() => states).toEqual(['send failed']);
  expect(told).toBe(true);
  expect(socket.sent('connectTransport')).toEqual([]);
});
