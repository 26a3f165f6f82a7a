import { ProductError } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { fakeTrack } from './testing/fake-engine.ts';
import type { FakeMediaSocket } from './testing/fake-media-node.ts';
import { enterFakeRoom } from './testing/room.ts';

const id = (): string => crypto.randomUUID();

/** What the node holds for true after the requests that it got: the last word on pausing. */
function lastPause(socket: FakeMediaSocket): boolean | undefined {
  const words = socket.requests.flatMap(({ name, payload }) => {
    if (name === 'produce') return [(payload as { paused: boolean }).paused];
    return name === 'pauseProducer' ? [true] : name === 'resumeProducer' ? [false] : [];
  });
  return words.at(-1);
}

async function sending() {
  const room = await enterFakeRoom();
  const producerId = id();
  room.node.answers('produce', () => ({ producerId }));
  const track = fakeTrack('audio');
  await room.connection.publisher.sync('microphone', { track, on: true });
  return { ...room, publisher: room.connection.publisher, producerId, track };
}

describe('a switch that is pressed while the microphone is first announced', () => {
  it.each([true, false])('ends as pressed last: on is %s', async (on) => {
    const { connection, node, socket } = await enterFakeRoom();
    const track = fakeTrack('audio');
    track.enabled = !on;
    const release = node.hold('produce');
    const first = connection.publisher.sync('microphone', { track, on: !on });
    await expect.poll(() => socket.sent('produce')).toHaveLength(1);
    track.enabled = on;
    const second = connection.publisher.sync('microphone', { track, on });
    release();
    await Promise.all([first, second]);
    expect(lastPause(socket)).toBe(!on);
  });

  it('leaves the switch of the track to its owner', async () => {
    const { send } = await sending();
    expect(send.producing[0]).toMatchObject({ disableTrackOnPause: false, stopTracks: false });
  });
});

describe('after a lost connection (R10)', () => {
  it('closes a producer whose announcement was answered into the void, before it announces anew', async () => {
    const { connection, node, socket } = await enterFakeRoom();
    const { publisher } = connection;
    const wanted = { track: fakeTrack('audio'), on: true };
    const release = node.hold('produce');
    const announcing = publisher.sync('microphone', wanted);
    await expect.poll(() => socket.sent('produce')).toHaveLength(1);
    socket.lose();
    await expect(announcing).rejects.toThrow();

    const lost = id();
    let taken = true;
    release();
    node.answers('closeProducer', () => ((taken = false), {}));
    node.answers('produce', () => (taken ? new ProductError('limit_exceeded') : { producerId: id() }));
    socket.connect();
    await publisher.reconcile([{ id: lost, source: 'microphone', paused: false }]);
    expect(socket.sent('closeProducer')).toEqual([{ producerId: lost }]);
    expect(socket.sent('produce')).toHaveLength(2);
  });

  it('does not keep a place on the node for a producer that it forgets', async () => {
    const { publisher, socket, producerId } = await sending();
    await publisher.reconcile([]);
    expect(socket.requests.slice(-2).map(({ name }) => name)).toEqual(['closeProducer', 'produce']);
    expect(socket.sent('closeProducer')).toEqual([{ producerId }]);
  });

  it('knows a mute by a moderator from its own, and does not undo it', async () => {
    const { publisher, socket, producerId } = await sending();
    const open = [{ id: producerId, source: 'microphone', paused: true }] as const;
    expect(publisher.missedPauses([...open])).toEqual([producerId]);
    expect(publisher.markPaused(producerId)).toBe('microphone');
    await publisher.reconcile([...open]);
    expect(socket.sent('resumeProducer')).toEqual([]);
    expect(publisher.missedPauses([...open])).toEqual([]);
  });

  it('tells the node of a press that it missed', async () => {
    const { publisher, socket, producerId, track } = await sending();
    socket.lose();
    await expect(publisher.sync('microphone', { track, on: false })).rejects.toThrow();
    socket.connect();
    const open = [{ id: producerId, source: 'microphone' as const, paused: false }];
    expect(publisher.missedPauses(open)).toEqual([]);
    await publisher.reconcile(open);
    expect(lastPause(socket)).toBe(true);
  });

  it('tells again what was answered into the void', async () => {
    const { publisher, node, socket, producerId, track } = await sending();
    const release = node.hold('pauseProducer');
    const muting = publisher.sync('microphone', { track, on: false });
    await expect.poll(() => socket.sent('pauseProducer')).toHaveLength(1);
    socket.lose();
    await expect(muting).rejects.toThrow();
    release();
    socket.connect();
    const open = [{ id: producerId, source: 'microphone' as const, paused: true }];
    expect(publisher.missedPauses(open)).toEqual([]);
    await publisher.reconcile(open);
    expect(lastPause(socket)).toBe(true);
    await publisher.sync('microphone', { track, on: true });
    expect(lastPause(socket)).toBe(false);
  });
});

describe('no wish is lost', () => {
  it('when the one before it is refused', async () => {
    const { publisher, node, socket, track } = await sending();
    const release = node.hold('pauseProducer');
    node.answers('pauseProducer', () => new ProductError('internal'));
    const muting = publisher.sync('microphone', { track, on: false });
    await expect.poll(() => socket.sent('pauseProducer')).toHaveLength(1);
    const unmuting = publisher.sync('microphone', { track, on: true });
    release();
    await expect(muting).rejects.toThrow();
    await unmuting;
    expect(lastPause(socket)).toBe(false);
  });

  it('when it is told in the moment in which the one before it is done', async () => {
    const { publisher, socket, track } = await sending();
    let muted: Promise<void> | undefined;
    // The next wish comes at every later moment once: none of them may be the one that is lost.
    for (let moments = 0; moments < 12; moments += 1) {
      const on = publisher.sync('microphone', { track, on: true });
      for (let moment = 0; moment < moments; moment += 1) await Promise.resolve();
      muted = publisher.sync('microphone', { track, on: false });
      await Promise.all([on, muted]);
      expect(lastPause(socket)).toBe(true);
    }
  });
});
