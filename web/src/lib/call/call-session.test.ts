import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallSession } from './call-session.ts';
import { GIVE_UP_TIMEOUT_MS } from './recovery.ts';
import { FakeDevice } from './testing/fake-engine.ts';
import { FakeMediaNode, fakeGrant } from './testing/fake-media-node.ts';
import { fakeLocalMedia } from './testing/room.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('RTCPeerConnection', vi.fn());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function setUp() {
  const node = new FakeMediaNode();
  const { local } = fakeLocalMedia();
  const session = CallSession.create({
    askGrant: () => Promise.resolve(fakeGrant()),
    openSocket: node.openSocket,
    loadDevice: () => Promise.resolve(new FakeDevice()),
    local,
  });
  session.prepare();
  return { node, local, session };
}

async function enter({ node, session }: ReturnType<typeof setUp>) {
  const joining = session.join();
  await settle();
  node.socket.connect();
  await joining;
  return node.socket;
}

describe('leaving while we enter', () => {
  it('leaves the place that a rejoin gets afterwards', async () => {
    const call = setUp();
    const first = await enter(call);
    first.tell('removed', { reason: 'failed' });
    await settle();
    const { socket: second } = call.node;
    expect(second).not.toBe(first);
    const release = call.node.hold('join');
    second.connect();
    await settle();
    call.session.leave();
    release();
    await settle();
    expect(second.sent('leave')).toHaveLength(1);
    expect(second.closed).toBe(true);
  });

  it('leaves the place that the first join gets afterwards', async () => {
    const { node, session } = setUp();
    const joining = session.join();
    await settle();
    const release = node.hold('join');
    node.socket.connect();
    await settle();
    session.leave();
    release();
    await joining;
    await settle();
    expect(node.socket.sent('leave')).toHaveLength(1);
    expect(node.socket.closed).toBe(true);
  });
});

describe('"Try again" while an attempt is under way', () => {
  async function twoAttempts() {
    const call = setUp();
    const first = await enter(call);
    first.tell('removed', { reason: 'failed' });
    await settle();
    const { socket: older } = call.node;
    const release = call.node.hold('join');
    older.connect();
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    expect(call.session.snapshot.trouble.gaveUp).toBe(true);
    call.session.retry();
    await settle();
    const { socket: newer } = call.node;
    expect(newer).not.toBe(older);
    return { ...call, older, newer, release };
  }

  it('lets only the newer attempt count: the node is not asked for two places', async () => {
    const { session, older, newer, release } = await twoAttempts();
    expect(older.closed).toBe(true);
    release();
    await settle();
    newer.connect();
    await settle();
    older.tell('removed', { reason: 'replaced' });
    expect(session.snapshot.phase).toBe('connected');
    expect(session.snapshot.trouble.kind).toBe('none');
  });

  it('still ends when the newer one is replaced by another window', async () => {
    const { session, newer, release } = await twoAttempts();
    release();
    newer.connect();
    await settle();
    newer.tell('removed', { reason: 'replaced' });
    expect(session.snapshot.endReason).toBe('replaced');
  });
});

describe('a mute by a moderator that came while we were away', () => {
  it('is taken over, and told', async () => {
    const call = setUp();
    const producerId = crypto.randomUUID();
    call.node.answers('produce', () => ({ producerId }));
    await call.local.open(['microphone']);
    const socket = await enter(call);
    await settle();
    expect(socket.sent('produce')).toHaveLength(1);
    const muted: string[] = [];
    call.session.on('muted', ({ kind }) => muted.push(kind));
    socket.lose();
    const open = { id: producerId, source: 'microphone', paused: true };
    call.node.answers('resume', () => ({ peers: [], consumers: [], producers: [open] }));
    socket.connect();
    await settle();
    expect(muted).toEqual(['microphone']);
    expect(call.local.isOn('microphone')).toBe(false);
    expect(call.local.track('microphone')?.enabled).toBe(false);
    expect(socket.sent('resumeProducer')).toEqual([]);
    call.session.close();
  });
});
