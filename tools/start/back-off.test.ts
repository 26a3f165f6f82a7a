import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

const options = { firstMs: 100, longestMs: 1000, healthyAfterMs: 5000 };

describe('the pauses between restarts', () => {
  it('double up to the longest', () => {
    const backOff = BackOff.create(options);

    expect([1, 2, 3, 4, 5, 6].map(() => backOff.next(10))).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(backOff.failures).toBe(6);
  });

  it('begin again after a healthy run', () => {
    const backOff = BackOff.create(options);
    backOff.next(10);
    backOff.next(10);

    expect(backOff.next(5000)).toBe(100);
    expect(backOff.failures).toBe(1);
    expect(backOff.next(4999)).toBe(200);
  });
});
