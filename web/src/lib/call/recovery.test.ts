import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GIVE_UP_TIMEOUT_MS, HEAL_TIMEOUT_MS, MAX_RESTARTS, Recovery, RESTART_TIMEOUT_MS } from './recovery.ts';

function setUp() {
  const steps: string[] = [];
  let rejoin: () => Promise<'joined' | 'over'> = () => Promise.resolve('joined');
  const recovery = Recovery.create({
    restartIce: (direction) => {
      steps.push(`restart ${direction}`);
      return Promise.resolve();
    },
    rejoin: () => {
      steps.push('rejoin');
      return rejoin();
    },
  });
  return { recovery, steps, onRejoin: (answer: typeof rejoin) => (rejoin = answer) };
}

describe('recovery of a call (R10)', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets a short gap heal by itself', async () => {
    const { recovery, steps } = setUp();
    recovery.transportState('receive', 'disconnected');
    expect(recovery.trouble.kind).toBe('media');
    await vi.advanceTimersByTimeAsync(HEAL_TIMEOUT_MS - 1);
    recovery.transportState('receive', 'connected');
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    expect(steps).toEqual([]);
    expect(recovery.trouble.kind).toBe('none');
  });

  it('restarts ICE after a gap, and joins anew when that does not help', async () => {
    const { recovery, steps } = setUp();
    recovery.transportState('send', 'disconnected');
    await vi.advanceTimersByTimeAsync(HEAL_TIMEOUT_MS + MAX_RESTARTS * RESTART_TIMEOUT_MS + 1);
    expect(steps).toEqual(['restart send', 'restart send', 'rejoin']);
    expect(recovery.trouble.kind).toBe('none');
  });

  it('restarts at once after a failure', () => {
    const { recovery, steps } = setUp();
    recovery.transportState('send', 'failed');
    expect(steps).toEqual(['restart send']);
  });

  it('waits for signalling before it asks for new ICE credentials', () => {
    const { recovery, steps } = setUp();
    recovery.signallingLost(false);
    recovery.transportState('receive', 'failed');
    expect(steps).toEqual([]);
    recovery.signallingBack();
    expect(steps).toEqual(['restart receive']);
  });

  it('says that sound and picture go on while only signalling is lost', () => {
    const { recovery } = setUp();
    recovery.signallingLost(false);
    expect(recovery.trouble.kind).toBe('signalling');
  });

  it('joins anew when the place is gone, and again with growing waits', async () => {
    const { recovery, steps, onRejoin } = setUp();
    onRejoin(() => Promise.reject(new Error('unreachable')));
    recovery.signallingLost(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(steps).toEqual(['rejoin']);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(steps).toEqual(['rejoin', 'rejoin', 'rejoin']);
    onRejoin(() => Promise.resolve('joined'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(recovery.trouble.kind).toBe('none');
  });

  it('gives up after a minute and tries again when the person asks', async () => {
    const { recovery, steps, onRejoin } = setUp();
    onRejoin(() => Promise.reject(new Error('unreachable')));
    recovery.signallingLost(true);
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    expect(recovery.trouble.gaveUp).toBe(true);
    const before = steps.length;
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    expect(steps.length).toBe(before);
    onRejoin(() => Promise.resolve('joined'));
    recovery.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(recovery.trouble.kind).toBe('none');
  });

  it('counts only the attempt that the person asked for last', async () => {
    const { recovery, steps, onRejoin } = setUp();
    const older = Promise.withResolvers<'joined' | 'over'>();
    onRejoin(() => older.promise);
    recovery.signallingLost(true);
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    const newer = Promise.withResolvers<'joined' | 'over'>();
    onRejoin(() => newer.promise);
    recovery.retry();
    await vi.advanceTimersByTimeAsync(0);
    older.reject(new Error('lost'));
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS / 2);
    expect(steps).toEqual(['rejoin', 'rejoin']);
    newer.resolve('joined');
    await vi.advanceTimersByTimeAsync(0);
    expect(recovery.trouble.kind).toBe('none');
  });

  it('does not take the success of an older attempt for that of the newer one', async () => {
    const { recovery, onRejoin } = setUp();
    const older = Promise.withResolvers<'joined' | 'over'>();
    onRejoin(() => older.promise);
    recovery.signallingLost(true);
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    onRejoin(() => new Promise(() => undefined));
    recovery.retry();
    await vi.advanceTimersByTimeAsync(0);
    older.resolve('joined');
    await vi.advanceTimersByTimeAsync(0);
    expect(recovery.trouble.kind).toBe('media');
    recovery.close();
  });

  it('stops when the call is over', async () => {
    const { recovery, steps, onRejoin } = setUp();
    onRejoin(() => Promise.resolve('over'));
    recovery.signallingLost(true);
    await vi.advanceTimersByTimeAsync(GIVE_UP_TIMEOUT_MS);
    expect(steps).toEqual(['rejoin']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind when closed', () => {
    const { recovery } = setUp();
    recovery.transportState('send', 'failed');
    recovery.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
