import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../emitter.ts';
import { keepSignedIn, RETRY_MS, type SignedInSocket } from './keep-signed-in.ts';

function setUp(answers: (boolean | Error)[]) {
  const events = new Emitter<{ connected: undefined; refused: undefined; 'session.ended': undefined }>();
  let reconnects = 0;
  let ended = 0;
  const socket: SignedInSocket = {
    on: (name, listener) => events.on(name, () => listener()),
    reconnect: () => (reconnects += 1),
  };
  const stop = keepSignedIn(socket, {
    refresh: () => {
      const answer = answers.shift() ?? false;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    onEnded: () => (ended += 1),
  });
  return { events, stop, reconnects: () => reconnects, ended: () => ended };
}

describe('a socket whose session runs out', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('comes back with a renewed session', async () => {
    const { events, reconnects, ended } = setUp([true, true]);
    events.emit('session.ended', undefined);
    await vi.advanceTimersByTimeAsync(0);
    events.emit('connected', undefined);
    events.emit('refused', undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect([reconnects(), ended()]).toEqual([2, 0]);
  });

  it('stays away when the sign-in has ended', async () => {
    const { events, reconnects, ended } = setUp([false]);
    events.emit('session.ended', undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect([reconnects(), ended()]).toEqual([0, 1]);
  });

  it('does not go round in circles when the renewed session is refused too', async () => {
    const { events, reconnects, ended } = setUp([true, true, true]);
    events.emit('refused', undefined);
    await vi.advanceTimersByTimeAsync(0);
    events.emit('refused', undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect([reconnects(), ended()]).toEqual([1, 1]);
  });

  it('asks again later when there is no answer', async () => {
    const { events, reconnects, ended } = setUp([new TypeError('offline'), true]);
    events.emit('session.ended', undefined);
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect([reconnects(), ended()]).toEqual([1, 0]);
  });

  it('does nothing any more once it is stopped', async () => {
    const { events, stop, reconnects } = setUp([new TypeError('offline'), true]);
    events.emit('session.ended', undefined);
    await vi.advanceTimersByTimeAsync(0);
    stop();
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect(reconnects()).toBe(0);
  });
});
