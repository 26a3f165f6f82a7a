import { expect, it } from 'vitest';
import { LoadMeter, type Measurable } from './load-meter.ts';

function worker(pid: number, readings: number[]): Measurable {
  return { pid, cpuTimeMs: () => Promise.resolve(readings.shift() ?? Number.NaN) };
}

function clock(times: number[]): () => number {
  return () => times.shift() ?? 0;
}

it('tells the share of a core of the busiest worker since the last look', async () => {
  const meter = new LoadMeter();
  const workers = [worker(1, [100, 350]), worker(2, [0, 900])];
  const now = clock([0, 0, 1_000, 1_000]);
  expect(await meter.busiest(workers, now)).toBe(0);
  expect(await meter.busiest(workers, now)).toBeCloseTo(0.9);
});

it('starts anew for a replacement, and leaves out one that cannot answer', async () => {
  const meter = new LoadMeter();
  const dead: Measurable = { pid: 3, cpuTimeMs: () => Promise.reject(new Error('gone')) };
  await meter.busiest([worker(1, [5_000])], clock([0]));
  expect(await meter.busiest([worker(2, [10]), dead], clock([1_000]))).toBe(0);
});
