import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Rounds } from './rounds.ts';

const EVERY_MS = 1000;

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

function rounds() {
  const ends: (() => void)[] = [];
  const run = vi.fn<() => Promise<void>>(() => new Promise((end) => ends.push(end)));
  const logger = { warn: vi.fn<(facts: object, words: string) => void>() };
  const made = Rounds.create({ everyMs: EVERY_MS, run, failure: 'It has failed', logger });
  return { made, run, logger, end: () => ends.shift()?.() };
}

it('come one at a time, each a pause after the one before has ended', async () => {
  const { made, run, end } = rounds();
  made.start();
  vi.advanceTimersByTime(EVERY_MS - 1);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  vi.advanceTimersByTime(10 * EVERY_MS);
  expect(run).toHaveBeenCalledOnce();
  end();
  await turn();
  vi.advanceTimersByTime(EVERY_MS);
  expect(run).toHaveBeenCalledTimes(2);
});

it('go on after one that has failed, which is logged', async () => {
  const { made, run, logger } = rounds();
  const error = new Error('no database');
  run.mockRejectedValueOnce(error);
  made.start();
  vi.advanceTimersByTime(EVERY_MS);
  await turn();
  expect(logger.warn.mock.calls).toEqual([[{ err: error }, 'It has failed']]);
  vi.advanceTimersByTime(EVERY_MS);
  expect(run).toHaveBeenCalledTimes(2);
});

it('end with the one that is under way', async () => {
  const { made, run, end } = rounds();
  made.start();
  vi.advanceTimersByTime(EVERY_MS);
  let isClosed = false;
  const closed = made.close().then(() => (isClosed = true));
  await turn();
  expect(isClosed).toBe(false);
  end();
  await closed;
  vi.advanceTimersByTime(10 * EVERY_MS);
  expect(run).toHaveBeenCalledOnce();
});

it('that are closed before the first do nothing', async () => {
  const { made, run } = rounds();
  made.start();
  await made.close();
  vi.advanceTimersByTime(10 * EVERY_MS);
  expect(run).not.toHaveBeenCalled();
});
