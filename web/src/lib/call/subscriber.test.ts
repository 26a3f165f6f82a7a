import { expect, it } from 'vitest';
import { fakeConsumer } from './testing/fake-media-node.ts';
import { enterFakeRoom } from './testing/room.ts';

it('asks again for a track whose start was lost with the connection (R10)', async () => {
  const { connection, node, socket, peers } = await enterFakeRoom();
  const peer = { id: crypto.randomUUID(), name: 'Ana', party: 'patient', reachable: true } as const;
  const consumer = fakeConsumer(peer.id);
  peers.add(peer);
  const release = node.hold('resumeConsumer');
  const adding = connection.subscriber.addAll([consumer]);
  await expect.poll(() => socket.sent('resumeConsumer')).toHaveLength(1);
  socket.lose();
  await expect(adding).rejects.toThrow();

  release();
  socket.connect();
  await connection.subscriber.reconcile([consumer]);
  expect(socket.sent('resumeConsumer')).toEqual([{ consumerId: consumer.id }, { consumerId: consumer.id }]);
  expect(peers.get(peer.id)?.tracks.microphone).toEqual({ consumerId: consumer.id, paused: false });
});
