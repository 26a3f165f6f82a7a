import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const options = { capacity: 3, refillPerSecond: 2 };

function takeTimes(bucket: TokenBucket, times: number, nowMs: number): boolean[] {
  return Array.from({ length: times }, () => bucket.take(nowMs));
}

it('lets a burst through, then as many as are refilled', () => {
  const bucket = new TokenBucket(options, 0);
  expect(takeTimes(bucket, 4, 0)).toEqual([true, true, true, false]);
  expect(takeTimes(bucket, 2, 1_000)).toEqual([true, false]);
});

it('never holds more than its capacity', () => {
  const bucket = new TokenBucket(options, 0);
  expect(takeTimes(bucket, 4, 1_000_000)).toEqual([true, true, true, false]);
});

it('tells a flood from a burst', () => {
  const bucket = new TokenBucket(options, 0);
  takeTimes(bucket, 6, 0);
  expect(bucket.floodedOver).toBe(false);
  bucket.take(0);
  expect(bucket.floodedOver).toBe(true);
});

it('is not refilled by a clock that goes back', () => {
  const bucket = new TokenBucket(options, 5_000);
  takeTimes(bucket, 3, 5_000);
  expect(bucket.take(0)).toBe(false);
});
