import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turns } from './turns.ts';

describe('turns', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('begin one piece of work after the other, in order, with everything else in between', async () => {
    const turns = Turns.create();
    const done: string[] = [];
    for (const name of ['first', 'second', 'third']) turns.take(() => done.push(name));
    expect(done).toEqual([]);
    for (const count of [1, 2, 3]) {
      await vi.advanceTimersToNextTimerAsync();
      expect(done).toHaveLength(count);
    }
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('begin what comes right after something else a little later, and what comes alone at once', async () => {
    const turns = Turns.create();
    const began: number[] = [];
    const begin = (): void => void began.push(Date.now());
    const start = Date.now();
    turns.take(begin);
    await vi.advanceTimersByTimeAsync(1);
    turns.take(begin);
    await vi.advanceTimersByTimeAsync(100);
    turns.take(begin);
    await vi.runAllTimersAsync();
    expect(began.map((at) => at - start)).toEqual([0, 3, 101]);
  });
});
