import { expect, it } from 'vitest';
import { backoffMs } from './worker-pool.ts';

it('replaces a worker at once, and waits longer each time the replacement dies too', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 50].map(backoffMs)).toEqual([
    0, 250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
});
