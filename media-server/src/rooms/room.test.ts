import { randomUUID } from 'node:crypto';
import { MEDIA_SOURCES, type LeaveReason, type MediaSource } from '@health-connect/contract';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSfu } from '../testing/fake-sfu.ts';
import { documentId } from '../testing/join-tokens.ts';
import { clientDtls, opusParameters, vp8SimulcastParameters } from '../testing/rtp.ts';
import type { Peer, PeerIdentity, PeerSignal } from './peer.ts';
import { RoomRegistry, type Seat } from './registry.ts';
import { MAX_PEERS } from './room.ts';

const RESUME_WINDOW_MS = 12_000;
const roomId = documentId();

function identity(changes: Partial<PeerIdentity> = {}): PeerIdentity {
  return {
    peerId: randomUUID(),
    participantId: documentId(),
    name: 'Somebody',
    party: 'patient',
    grants: { publish: [...MEDIA_SOURCES], receive: true, moderate: false },
    ...changes,
  };
}

function video(source: MediaSource = 'camera', paused = false) {
  return { kind: 'video' as const, source, rtpParameters: vp8SimulcastParameters(), paused };
}

function audio(source: MediaSource = 'microphone', paused = false) {
  return { kind: 'audio' as const, source, rtpParameters: opusParameters(), paused };
}

/** Everything that a peer is told. */
function listen(peer: Peer): { signals: PeerSignal[]; ended: LeaveReason[] } {
  const heard: { signals: PeerSignal[]; ended: LeaveReason[] } = { signals: [], ended: [] };
  peer.on('signal', (signal) => heard.signals.push(signal));
  peer.on('closed', (reason) => heard.ended.push(reason));
  return heard;
}

function namesOf(heard: { signals: PeerSignal[] }): string[] {
  return heard.signals.map((signal) => signal.name);
}

describe('rooms', () => {
  let sfu: FakeSfu;
  let registry: RoomRegistry;

  beforeEach(() => {
    vi.useFakeTimers();
    sfu = new FakeSfu();
    registry = RoomRegistry.create({ sfu, log: pino({ level: 'silent' }), resumeWindowMs: RESUME_WINDOW_MS });
  });

  afterEach(() => {
    registry.close();
    expect(sfu.leftOpen).toBe(0);
    expect(sfu.routers.every((router) => router.closed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  async function join(changes: Partial<PeerIdentity> = {}) {
    const seat = await registry.admit(roomId, identity(changes));
    const heard = listen(seat.peer);
    const state = await seat.room.join(seat.peer, sfu.rtpCapabilities);
    return { ...seat, heard, state };
  }

  it('makes one router when several join at the same time', async () => {
    sfu.routerGate.shut();
    const joining = [join(), join(), join()];
    await vi.waitFor(() => expect(sfu.routerGate.waiting).toBe(1));
    sfu.routerGate.open();
    await Promise.all(joining);
    expect(sfu.routers).toHaveLength(1);
    expect(registry.counts).toEqual({ rooms: 1, peers: 3, transports: 6, producers: 0, consumers: 0 });
  });

  it('lets everybody fail and makes no room when the router cannot be made, and tries anew for the next', async () => {
    const create = vi.spyOn(sfu, 'createRouter').mockRejectedValueOnce(new Error('no worker'));
    const results = await Promise.allSettled([join(), join()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(registry.counts.rooms).toBe(0);
    create.mockRestore();
    await join();
    expect(registry.counts.rooms).toBe(1);
  });

  it('gives each track of others as a paused consumer in the answer to join', async () => {
    const first = await join({ name: 'First' });
    const camera = await first.peer.produce(video());
    await first.peer.produce(audio('microphone', true));
    const second = await join();
    expect(second.state.consumers).toMatchObject([
      { producerId: camera.id, peerId: first.peer.id, source: 'camera', kind: 'video', producerPaused: false },
      { source: 'microphone', kind: 'audio', producerPaused: true },
    ]);
    expect(second.state.peers).toEqual([first.peer.info]);
    expect(second.heard.signals).toEqual([]);
    expect(namesOf(first.heard)).toEqual(['peerJoined']);
    expect(sfu.routers[0]?.transports.flatMap((one) => one.consumers).every((one) => one.paused)).toBe(true);
  });

  it('offers later tracks by event, and tells of mute, unmute and end', async () => {
    const first = await join();
    const second = await join();
    const { id } = await first.peer.produce(audio());
    await vi.waitFor(() => expect(namesOf(second.heard)).toEqual(['consumerAdded']));
    await first.peer.pauseProducer(id);
    await first.peer.pauseProducer(id);
    await first.peer.resumeProducer(id);
    first.peer.closeProducer(id);
    expect(namesOf(second.heard)).toEqual(['consumerAdded', 'consumerPaused', 'consumerResumed', 'consumerClosed']);
    expect(namesOf(first.heard)).toEqual(['peerJoined']);
    expect(registry.counts).toMatchObject({ producers: 0, consumers: 0 });
  });

  it('drops the consumer of a track that ends while the consumer is being made', async () => {
    const first = await join();
    const second = await join();
    sfu.consumeGate.shut();
    const { id } = await first.peer.produce(audio());
    first.peer.closeProducer(id);
    sfu.consumeGate.open();
    await vi.waitFor(() => expect(sfu.routers[0]?.transports.flatMap((one) => one.consumers)).toHaveLength(1));
    await Promise.resolve();
    expect(second.heard.signals).toEqual([]);
    expect(registry.counts.consumers).toBe(0);
  });

  it('shows a mute that happens while the consumer is being made', async () => {
    const first = await join();
    const second = await join();
    sfu.consumeGate.shut();
    const { id } = await first.peer.produce(audio());
    await first.peer.pauseProducer(id);
    sfu.consumeGate.open();
    await vi.waitFor(() => expect(namesOf(second.heard)).toEqual(['consumerAdded']));
    expect(second.heard.signals[0]?.payload).toMatchObject({ consumer: { producerPaused: true } });
  });

  it('gives a track that begins during a join either in the answer or by event, never both or neither', async () => {
    const first = await join();
    const { peer, room } = await registry.admit(roomId, identity());
    const heard = listen(peer);
    sfu.transportGate.shut();
    const joining = room.join(peer, sfu.rtpCapabilities);
    await first.peer.produce(audio());
    sfu.transportGate.open();
    const state = await joining;
    expect(state.consumers).toHaveLength(1);
    await first.peer.produce(video());
    await vi.waitFor(() => expect(namesOf(heard)).toEqual(['consumerAdded']));
  });

  it('closes what is made for a peer that leaves during its join', async () => {
    const first = await join();
    await first.peer.produce(audio());
    const seat = await registry.admit(roomId, identity());
    sfu.consumeGate.shut();
    const joining = seat.room.join(seat.peer, sfu.rtpCapabilities);
    await vi.waitFor(() => expect(sfu.consumeGate.waiting).toBe(1));
    seat.peer.detach();
    sfu.consumeGate.open();
    await expect(joining).rejects.toMatchObject({ code: 'session_unknown' });
    expect(first.heard.signals).toEqual([]);
    expect(registry.counts).toMatchObject({ peers: 1, transports: 2, consumers: 0 });
  });

  it('closes transports that arrive after the peer has gone', async () => {
    await join();
    const seat = await registry.admit(roomId, identity());
    sfu.transportGate.shut();
    const joining = seat.room.join(seat.peer, sfu.rtpCapabilities);
    seat.peer.detach();
    sfu.transportGate.open();
    await expect(joining).rejects.toMatchObject({ code: 'session_unknown' });
    expect(sfu.leftOpen).toBe(2);
  });

  it('closes a producer that arrives after the peer has gone', async () => {
    const first = await join();
    await join();
    sfu.produceGate.shut();
    const producing = first.peer.produce(audio());
    first.peer.close('left');
    sfu.produceGate.open();
    await expect(producing).rejects.toMatchObject({ code: 'not_joined' });
  });

  it('lets a second join of the same participant replace the first, also when it is alone in the room', async () => {
    const participantId = documentId();
    const first = await join({ participantId });
    const second = await join({ participantId });
    expect(first.heard.ended).toEqual(['replaced']);
    expect(second.peer.closed).toBe(false);
    expect(sfu.routers).toHaveLength(1);
    expect(registry.counts.peers).toBe(1);
  });

  it('refuses a peer id that is in the room already', async () => {
    const first = await join();
    await expect(registry.admit(roomId, identity({ peerId: first.peer.id }))).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  it('takes 16 people and not one more; who is replaced does not count', async () => {
    const seats: Seat[] = [];
    for (let index = 0; index < MAX_PEERS; index += 1) seats.push(await join());
    await expect(join()).rejects.toMatchObject({ code: 'consultation_full' });
    await join({ participantId: seats[3]?.peer.identity.participantId ?? '' });
    expect(registry.counts.peers).toBe(MAX_PEERS);
  });

  it('takes one track per source, of the right kind, and only of granted sources', async () => {
    const { peer } = await join({ grants: { publish: ['microphone', 'camera'], receive: true, moderate: false } });
    sfu.produceGate.shut();
    const first = peer.produce(audio());
    await expect(peer.produce(audio())).rejects.toMatchObject({ code: 'limit_exceeded' });
    sfu.produceGate.open();
    const { id } = await first;
    await expect(peer.produce({ ...audio(), kind: 'audio', source: 'camera' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(peer.produce(video('screen'))).rejects.toMatchObject({ code: 'publish_not_granted' });
    peer.closeProducer(id);
    await peer.produce(audio());
    expect(registry.counts.producers).toBe(1);
  });

  it('gives nothing to who may not receive, and nothing that a browser cannot decode', async () => {
    const first = await join();
    await first.peer.produce(audio());
    const deaf = await join({ grants: { publish: [], receive: false, moderate: false } });
    const { peer, room } = await registry.admit(roomId, identity());
    const old = await room.join(peer, { codecs: [], headerExtensions: [] });
    expect(deaf.state.consumers).toEqual([]);
    expect(old.consumers).toEqual([]);
  });

  it('connects a transport once and knows only its own', async () => {
    const first = await join();
    const second = await join();
    const { id } = first.state.sendTransport;
    await first.peer.connectTransport(id, clientDtls);
    await expect(first.peer.connectTransport(id, clientDtls)).rejects.toMatchObject({ code: 'transport_state' });
    await expect(second.peer.connectTransport(id, clientDtls)).rejects.toMatchObject({ code: 'transport_not_found' });
    await expect(second.peer.restartIce(id)).rejects.toMatchObject({ code: 'transport_not_found' });
  });

  it('picks layers by width and pauses what is not shown, together with what was asked for', async () => {
    const first = await join();
    await first.peer.produce(video());
    const { peer, state } = await join();
    const consumerId = state.consumers[0]?.id ?? '';
    const engine = sfu.routers[0]?.transports.flatMap((one) => one.consumers)[0];
    await peer.setView([{ consumerId, widthPx: 360 }]);
    expect(engine?.calls).toEqual(['layer 0']);
    await peer.resumeConsumer(consumerId);
    await peer.setView([{ consumerId, widthPx: 960 }]);
    await peer.setView([{ consumerId, widthPx: 961 }]);
    await peer.setView([{ consumerId, widthPx: 0 }]);
    await peer.resumeConsumer(consumerId);
    await peer.pauseConsumer(consumerId);
    await peer.setView([{ consumerId, widthPx: 200 }]);
    await peer.resumeConsumer(consumerId);
    expect(engine?.calls).toEqual(['layer 0', 'resume', 'layer 1', 'layer 2', 'pause', 'layer 0', 'resume']);
  });

  it('changes no view when one of its consumers is not known', async () => {
    const first = await join();
    await first.peer.produce(video());
    const { peer, state } = await join();
    const consumerId = state.consumers[0]?.id ?? '';
    const tiles = [
      { consumerId, widthPx: 100 },
      { consumerId: randomUUID(), widthPx: 100 },
    ];
    await expect(peer.setView(tiles)).rejects.toMatchObject({ code: 'consumer_not_found' });
    expect(sfu.routers[0]?.transports.flatMap((one) => one.consumers)[0]?.calls).toEqual([]);
  });

  it('keeps the place of a lost peer for the resume window, and gives the whole state on return', async () => {
    const first = await join();
    const second = await join();
    const { id } = await second.peer.produce(audio());
    second.peer.detach();
    expect(first.heard.signals.at(-1)).toEqual({
      name: 'peerReachabilityChanged',
      payload: { peerId: second.peer.id, reachable: false },
    });
    await first.peer.produce(video());
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect(second.peer.knowsSecret(first.state.sessionSecret)).toBe(false);
    expect(second.peer.knowsSecret(second.state.sessionSecret)).toBe(true);
    const state = second.room.resume(second.peer);
    expect(state.producers).toEqual([{ id, source: 'microphone', paused: false }]);
    expect(state.consumers).toMatchObject([{ source: 'camera' }]);
    vi.advanceTimersByTime(RESUME_WINDOW_MS * 2);
    expect(second.peer.joined).toBe(true);
  });

  it('lets a lost peer go after the resume window', async () => {
    const first = await join();
    const second = await join();
    second.peer.detach();
    vi.advanceTimersByTime(RESUME_WINDOW_MS);
    expect(first.heard.signals.at(-1)).toEqual({
      name: 'peerLeft',
      payload: { peerId: second.peer.id, reason: 'lost' },
    });
    expect(second.peer.knowsSecret(second.state.sessionSecret)).toBe(false);
  });

  it('closes the router with the last peer, and tells once', async () => {
    const emptied: string[] = [];
    registry.on('roomEmptied', (id) => emptied.push(id));
    const first = await join();
    const second = await join();
    first.peer.close('left');
    expect(sfu.routers[0]?.closed).toBe(false);
    second.peer.close('left');
    second.peer.close('left');
    expect(sfu.routers[0]?.closed).toBe(true);
    expect(emptied).toEqual([roomId]);
    expect(registry.counts.rooms).toBe(0);
  });

  it('does not keep a room whose only guest went before joining', async () => {
    const { peer } = await registry.admit(roomId, identity());
    peer.detach();
    expect(registry.counts.rooms).toBe(0);
  });

  it('closes a room that is still being made', async () => {
    sfu.routerGate.shut();
    const joining = join();
    await vi.waitFor(() => expect(sfu.routerGate.waiting).toBe(1));
    const closing = registry.closeRoom(roomId);
    sfu.routerGate.open();
    await closing;
    await expect(joining).rejects.toMatchObject({ code: 'session_unknown' });
    expect(registry.counts.rooms).toBe(0);
  });

  it('tells everybody that the worker has died, and makes a new room for the next', async () => {
    const first = await join();
    const second = await join();
    sfu.routers[0]?.lose();
    expect([first.heard.ended, second.heard.ended]).toEqual([['failed'], ['failed']]);
    expect(registry.counts.rooms).toBe(0);
    await join();
    expect(sfu.routers).toHaveLength(2);
  });

  it('mutes by source and tells the muted one; removes by participant', async () => {
    const first = await join();
    const second = await join();
    const track = await first.peer.produce(audio());
    await vi.waitFor(() => expect(namesOf(second.heard)).toEqual(['consumerAdded']));
    await registry.mute(roomId, first.peer.identity.participantId, ['camera', 'microphone']);
    expect(first.heard.signals.at(-1)).toEqual({ name: 'producerPaused', payload: { producerId: track.id } });
    expect(namesOf(second.heard)).toEqual(['consumerAdded', 'consumerPaused']);
    registry.removeParticipant(roomId, first.peer.identity.participantId);
    expect(first.heard.ended).toEqual(['removed']);
    expect(namesOf(second.heard).at(-1)).toBe('peerLeft');
  });

  it('makes no new room while draining, and lets people into rooms that are there', async () => {
    await join();
    registry.drain();
    await join();
    await expect(registry.admit(documentId(), identity())).rejects.toMatchObject({ code: 'draining' });
    const empty = registry.whenEmpty(60_000);
    await registry.closeRoom(roomId);
    await empty;
  });

  it('waits no longer than the limit for calls to end', async () => {
    await join();
    const waited = registry.whenEmpty(1_000);
    vi.advanceTimersByTime(1_000);
    await waited;
    expect(registry.counts.rooms).toBe(1);
  });
});
