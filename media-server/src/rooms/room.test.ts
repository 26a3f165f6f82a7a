import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documentId } from '../testing/join-tokens.ts';
import { audio, listen, namesOf, RoomBench, video } from '../testing/room-bench.ts';
import type { Seat } from './registry.ts';
import { MAX_PEERS } from './room.ts';

describe('what people in a room hear of each other', () => {
  let bench: RoomBench;

  beforeEach(() => {
    vi.useFakeTimers();
    bench = new RoomBench();
  });

  afterEach(() => {
    expect(bench.close()).toEqual({ leftOpen: 0, openRouters: 0 });
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('gives each track of others as a paused consumer in the answer to join', async () => {
    const first = await bench.join({ name: 'First' });
    const camera = await first.peer.produce(video());
    await first.peer.produce(audio('microphone', true));
    const second = await bench.join();
    expect(second.state.consumers).toMatchObject([
      { producerId: camera.id, peerId: first.peer.id, source: 'camera', kind: 'video', producerPaused: false },
      { source: 'microphone', kind: 'audio', producerPaused: true },
    ]);
    expect(second.state.peers).toEqual([first.peer.info]);
    expect(second.heard.signals).toEqual([]);
    expect(namesOf(first.heard)).toEqual(['peerJoined']);
    expect(bench.consumers.every((one) => one.paused)).toBe(true);
  });

  it('offers later tracks by event, and tells of mute, unmute and end', async () => {
    const first = await bench.join();
    const second = await bench.join();
    const { id } = await first.peer.produce(audio());
    await vi.waitFor(() => expect(namesOf(second.heard)).toEqual(['consumerAdded']));
    await first.peer.pauseProducer(id);
    await first.peer.pauseProducer(id);
    await first.peer.resumeProducer(id);
    first.peer.closeProducer(id);
    expect(namesOf(second.heard)).toEqual(['consumerAdded', 'consumerPaused', 'consumerResumed', 'consumerClosed']);
    expect(namesOf(first.heard)).toEqual(['peerJoined']);
    expect(bench.registry.counts).toMatchObject({ producers: 0, consumers: 0 });
  });

  it('drops the consumer of a track that ends while the consumer is being made', async () => {
    const first = await bench.join();
    const second = await bench.join();
    bench.sfu.consumeGate.shut();
    const { id } = await first.peer.produce(audio());
    first.peer.closeProducer(id);
    bench.sfu.consumeGate.open();
    await vi.waitFor(() => expect(bench.consumers).toHaveLength(1));
    await Promise.resolve();
    expect(second.heard.signals).toEqual([]);
    expect(bench.registry.counts.consumers).toBe(0);
  });

  it('shows a mute that happens while the consumer is being made', async () => {
    const first = await bench.join();
    const second = await bench.join();
    bench.sfu.consumeGate.shut();
    const { id } = await first.peer.produce(audio());
    await first.peer.pauseProducer(id);
    bench.sfu.consumeGate.open();
    await vi.waitFor(() => expect(namesOf(second.heard)).toEqual(['consumerAdded']));
    expect(second.heard.signals[0]?.payload).toMatchObject({ consumer: { producerPaused: true } });
  });

  it('gives a track that begins during a join either in the answer or by event, never both or neither', async () => {
    const first = await bench.join();
    const { peer, room } = await bench.admit();
    const heard = listen(peer);
    bench.sfu.transportGate.shut();
    const joining = room.join(peer, bench.sfu.rtpCapabilities);
    await first.peer.produce(audio());
    bench.sfu.transportGate.open();
    const state = await joining;
    expect(state.consumers).toHaveLength(1);
    await first.peer.produce(video());
    await vi.waitFor(() => expect(namesOf(heard)).toEqual(['consumerAdded']));
  });

  it('closes what is made for a peer that leaves during its join', async () => {
    const first = await bench.join();
    await first.peer.produce(audio());
    const seat = await bench.admit();
    bench.sfu.consumeGate.shut();
    const joining = seat.room.join(seat.peer, bench.sfu.rtpCapabilities);
    await vi.waitFor(() => expect(bench.sfu.consumeGate.waiting).toBe(1));
    seat.peer.detach();
    bench.sfu.consumeGate.open();
    await expect(joining).rejects.toMatchObject({ code: 'session_unknown' });
    expect(first.heard.signals).toEqual([]);
    expect(bench.registry.counts).toMatchObject({ peers: 1, transports: 2, consumers: 0 });
  });

  it('closes transports that arrive after the peer has gone', async () => {
    await bench.join();
    const seat = await bench.admit();
    bench.sfu.transportGate.shut();
    const joining = seat.room.join(seat.peer, bench.sfu.rtpCapabilities);
    seat.peer.detach();
    bench.sfu.transportGate.open();
    await expect(joining).rejects.toMatchObject({ code: 'session_unknown' });
    expect(bench.sfu.leftOpen).toBe(2);
  });

  it('lets a second join of the same participant replace the first, also when it is alone in the room', async () => {
    const participantId = documentId();
    const first = await bench.join({ participantId });
    const second = await bench.join({ participantId });
    expect(first.heard.ended).toEqual(['replaced']);
    expect(second.peer.closed).toBe(false);
    expect(bench.sfu.routers).toHaveLength(1);
    expect(bench.registry.counts.peers).toBe(1);
  });

  it('refuses a peer id that is in the room already', async () => {
    const first = await bench.join();
    await expect(bench.admit({ peerId: first.peer.id })).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  it('takes 16 people and not one more; who is replaced does not count', async () => {
    const seats: Seat[] = [];
    for (let index = 0; index < MAX_PEERS; index += 1) seats.push(await bench.join());
    await expect(bench.join()).rejects.toMatchObject({ code: 'consultation_full' });
    await bench.join({ participantId: seats[3]?.peer.identity.participantId ?? '' });
    expect(bench.registry.counts.peers).toBe(MAX_PEERS);
  });
});
