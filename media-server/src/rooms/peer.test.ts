import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientDtls } from '../testing/rtp.ts';
import { audio, RESUME_WINDOW_MS, RoomBench, video } from '../testing/room-bench.ts';

describe('a place in a room', () => {
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

  it('closes a producer that arrives after the peer has gone', async () => {
    const first = await bench.join();
    await bench.join();
    bench.sfu.produceGate.shut();
    const producing = first.peer.produce(audio());
    first.peer.close('left');
    bench.sfu.produceGate.open();
    await expect(producing).rejects.toMatchObject({ code: 'not_joined' });
  });

  it('takes one track per source, of the right kind, and only of granted sources', async () => {
    const { peer } = await bench.join({
      grants: { publish: ['microphone', 'camera'], receive: true, moderate: false },
    });
    bench.sfu.produceGate.shut();
    const first = peer.produce(audio());
    await expect(peer.produce(audio())).rejects.toMatchObject({ code: 'limit_exceeded' });
    bench.sfu.produceGate.open();
    const { id } = await first;
    await expect(peer.produce({ ...audio(), kind: 'audio', source: 'camera' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(peer.produce(video('screen'))).rejects.toMatchObject({ code: 'publish_not_granted' });
    peer.closeProducer(id);
    await peer.produce(audio());
    expect(bench.registry.counts.producers).toBe(1);
  });

  it('gives nothing to who may not receive, and nothing that a browser cannot decode', async () => {
    const first = await bench.join();
    await first.peer.produce(audio());
    const deaf = await bench.join({ grants: { publish: [], receive: false, moderate: false } });
    const { peer, room } = await bench.admit();
    const old = await room.join(peer, { codecs: [], headerExtensions: [] });
    expect(deaf.state.consumers).toEqual([]);
    expect(old.consumers).toEqual([]);
  });

  it('connects a transport once and knows only its own', async () => {
    const first = await bench.join();
    const second = await bench.join();
    const { id } = first.state.sendTransport;
    await first.peer.connectTransport(id, clientDtls);
    await expect(first.peer.connectTransport(id, clientDtls)).rejects.toMatchObject({ code: 'transport_state' });
    await expect(second.peer.connectTransport(id, clientDtls)).rejects.toMatchObject({ code: 'transport_not_found' });
    await expect(second.peer.restartIce(id)).rejects.toMatchObject({ code: 'transport_not_found' });
  });

  it('picks layers by width and pauses what is not shown, together with what was asked for', async () => {
    const first = await bench.join();
    await first.peer.produce(video());
    const { peer, state } = await bench.join();
    const consumerId = state.consumers[0]?.id ?? '';
    const engine = bench.consumers[0];
    await peer.setView([{ consumerId, widthPx: 360 }]);
    expect(engine?.calls).toEqual(['layer 0']);
    await peer.resumeConsumer(consumerId);
    await peer.setView([{ consumerId, widthPx: 960 }]);
    await peer.setView([{ consumerId, widthPx: 961 }]);
    await peer.setView([{ consumerId, widthPx: 0 }]);
    expect(engine?.paused).toBe(true);
    await peer.resumeConsumer(consumerId);
    expect(engine?.paused).toBe(true);
    await peer.pauseConsumer(consumerId);
    await peer.setView([{ consumerId, widthPx: 200 }]);
    expect(engine?.paused).toBe(true);
    await peer.resumeConsumer(consumerId);
    expect(engine?.calls).toEqual(['layer 0', 'resume', 'layer 1', 'layer 2', 'pause', 'layer 0', 'resume']);
  });

  it('changes no view when one of its consumers is not known', async () => {
    const first = await bench.join();
    await first.peer.produce(video());
    const { peer, state } = await bench.join();
    const consumerId = state.consumers[0]?.id ?? '';
    const tiles = [
      { consumerId, widthPx: 100 },
      { consumerId: randomUUID(), widthPx: 100 },
    ];
    await expect(peer.setView(tiles)).rejects.toMatchObject({ code: 'consumer_not_found' });
    expect(bench.consumers[0]?.calls).toEqual([]);
  });

  it('keeps the place of a lost peer for the resume window, and gives the whole state on return', async () => {
    const first = await bench.join();
    const second = await bench.join();
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
    const first = await bench.join();
    const second = await bench.join();
    second.peer.detach();
    vi.advanceTimersByTime(RESUME_WINDOW_MS);
    expect(first.heard.signals.at(-1)).toEqual({
      name: 'peerLeft',
      payload: { peerId: second.peer.id, reason: 'lost' },
    });
    expect(second.peer.knowsSecret(second.state.sessionSecret)).toBe(false);
  });
});
