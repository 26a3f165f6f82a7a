import { expect, it } from 'vitest';
import { UsedIds } from './used-ids.ts';

it('takes an id once', () => {
  const ids = new UsedIds();
  expect([ids.use('a', 100, 0), ids.use('a', 100, 0), ids.use('b', 100, 0)]).toEqual([true, false, true]);
});

it('forgets expired ids when it is full, and refuses new ones when none has expired', () => {
  const ids = new UsedIds(2);
  ids.use('a', 100, 0);
  ids.use('b', 200, 0);
  expect(ids.use('c', 300, 50)).toBe(false);
  expect(ids.use('c', 300, 150)).toBe(true);
  expect(ids.use('b', 200, 150)).toBe(false);
  expect(ids.size).toBe(2);
});
