import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documentId } from '../testing/join-tokens.ts';
import { audio, identity, namesOf, RoomBench } from '../testing/room-bench.ts';

describe('the rooms of a node', () => {
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

  it('makes one router when several join at the same time', async () => {
    bench.sfu.routerGate.shut();
    const joining = [bench.join(), bench.join(), bench.join()];
    await vi.waitFor(() => expect(bench.sfu.routerGate.waiting).toBe(1));
    bench.sfu.routerGate.open();
    await Promise.all(joining);
    expect(bench.sfu.routers).toHaveLength(1);
    expect(bench.registry.counts).toEqual({ rooms: 1, peers: 3, transports: 6, producers: 0, consumers: 0 });
  });

  it('lets everybody fail and makes no room when the router cannot be made, and tries anew for the next', async () => {
    const create = vi.spyOn(bench.sfu, 'createRouter').mockRejectedValueOnce(new Error('no worker'));
    const results = await Promise.allSettled([bench.join(), bench.join()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(bench.registry.counts.rooms).toBe(0);
    create.mockRestore();
    await bench.join();
    expect(bench.registry.counts.rooms).toBe(1);
  });

  it('closes the router with the last peer, and tells once', async () => {
    const emptied: string[] = [];
    bench.registry.on('roomEmptied', (id) => emptied.push(id));
    const first = await bench.join();
    const second = await bench.join();
    first.peer.close('left');
    expect(bench.sfu.routers[0]?.closed).toBe(false);
    second.peer.close('left');
    second.peer.close('left');
    expect(bench.sfu.routers[0]?.closed).toBe(true);
    expect(emptied).toEqual([bench.roomId]);
    expect(bench.registry.counts.rooms).toBe(0);
  });

  it('does not keep a room whose only guest went before joining', async () => {
    const { peer } = await bench.admit();
    peer.detach();
    expect(bench.registry.counts.rooms).toBe(0);
  });

  it('closes a room that is still being made', async () => {
    bench.sfu.routerGate.shut();
    const joining = bench.join();
    await vi.waitFor(() => expect(bench.sfu.routerGate.waiting).toBe(1));
    const closing = bench.registry.closeRoom(bench.roomId);
    bench.sfu.routerGate.open();
    await closing;
    await expect(joining).rejects.toMatchObject({ code: 'session_unknown' });
    expect(bench.registry.counts.rooms).toBe(0);
  });

  it('tells everybody that the worker has died, and makes a new room for the next', async () => {
    const first = await bench.join();
    const second = await bench.join();
    bench.sfu.routers[0]?.lose();
    expect([first.heard.ended, second.heard.ended]).toEqual([['failed'], ['failed']]);
    expect(bench.registry.counts.rooms).toBe(0);
    await bench.join();
    expect(bench.sfu.routers).toHaveLength(2);
  });

  it('mutes by source and tells the muted one; removes by participant', async () => {
    const first = await bench.join();
    const second = await bench.join();
    const track = await first.peer.produce(audio());
    await vi.waitFor(() => expect(namesOf(second.heard)).toEqual(['consumerAdded']));
    await bench.registry.mute(bench.roomId, first.peer.identity.participantId, ['camera', 'microphone']);
    expect(first.heard.signals.at(-1)).toEqual({ name: 'producerPaused', payload: { producerId: track.id } });
    expect(namesOf(second.heard)).toEqual(['consumerAdded', 'consumerPaused']);
    bench.registry.removeParticipant(bench.roomId, first.peer.identity.participantId);
    expect(first.heard.ended).toEqual(['removed']);
    expect(namesOf(second.heard).at(-1)).toBe('peerLeft');
  });

  it('makes no new room while draining, and lets people into rooms that are there', async () => {
    await bench.join();
    bench.registry.drain();
    await bench.join();
    await expect(bench.registry.admit(documentId(), identity())).rejects.toMatchObject({ code: 'draining' });
    const empty = bench.registry.whenEmpty(60_000);
    await bench.registry.closeRoom(bench.roomId);
    await empty;
  });

  it('waits no longer than the limit for calls to end', async () => {
    await bench.join();
    const waited = bench.registry.whenEmpty(1_000);
    vi.advanceTimersByTime(1_000);
    await waited;
    expect(bench.registry.counts.rooms).toBe(1);
  });
});
