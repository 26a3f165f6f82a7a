import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UnsavedWorks, type UnsavedWork } from './unsaved-work.ts';

const work = (flush: () => Promise<boolean>): UnsavedWork => ({ flush, discard: () => undefined });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is saved before somebody leaves, as long as it is on the page', async () => {
  const works = UnsavedWorks.create();
  expect(await works.flush()).toBe(true);
  works.add(work(() => Promise.resolve(true)));
  const remove = works.add(work(() => Promise.resolve(false)));
  expect([await works.flush(), works.all.length]).toEqual([false, 2]);
  remove();
  expect([await works.flush(), works.all.length]).toEqual([true, 1]);
});

it('is not waited for without end', async () => {
  const works = UnsavedWorks.create();
  works.add(work(() => new Promise(() => undefined)));
  const answer = works.flush();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await answer).toBe(false);
});
