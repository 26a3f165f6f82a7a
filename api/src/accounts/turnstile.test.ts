import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turnstile } from './turnstile.ts';

const WORK_MS = 30;
/** Takes so long of the test's own time. */
const work = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, WORK_MS));

/** Passes through it so often, with work of the same length each time. Answers when each began, from the first on. */
async function beginnings(turnstile: Turnstile, count: number): Promise<number[]> {
  const start = Date.now();
  const began: number[] = [];
  const passes = Array.from({ length: count }, () =>
    turnstile.pass(async () => {
      began.push(Date.now() - start);
      await work();
    }),
  );
  await vi.runAllTimersAsync();
  await Promise.all(passes);
  return began;
}

describe('a turnstile (A7)', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('lets so many through at once, and the others in order', async () => {
    expect(await beginnings(Turnstile.create(2, 10), 5)).toEqual([0, 0, 30, 30, 60]);
  });

  it('rests for as long as the work took, and answers before that', async () => {
    const turnstile = Turnstile.create(1, 10, { rests: true });
    expect(await beginnings(turnstile, 3)).toEqual([0, 60, 120]);
    const start = Date.now();
    const pass = turnstile.pass(work);
    await vi.advanceTimersByTimeAsync(WORK_MS);
    await pass;
    expect(Date.now() - start).toBe(WORK_MS);
  });

  it('rests after work that failed, too, and gives its place on', async () => {
    const turnstile = Turnstile.create(1, 10, { rests: true });
    const failing = turnstile.pass(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await beginnings(turnstile, 2)).toEqual([0, 60]);
  });

  it('sends away whoever finds the queue full', async () => {
    const turnstile = Turnstile.create(1, 1);
    const passes = Promise.allSettled([turnstile.pass(work), turnstile.pass(work), turnstile.pass(work)]);
    await vi.runAllTimersAsync();
    expect((await passes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});
