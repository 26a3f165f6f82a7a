import { expect, it } from 'vitest';
import { ServerClock } from './server-clock.ts';

const header = (ms: number): string => new Date(ms).toUTCString();
const NOON = Date.parse('2030-01-01T12:00:00.000Z');

function setUp(skewMs: number) {
  const device = { ms: NOON + skewMs };
  const clock = ServerClock.create(() => device.ms);
  /** An answer that took some time, written at the server when half of it was over. */
  const answer = (tookMs: number): void => {
    const askedMs = device.ms;
    device.ms += tookMs;
    clock.learn(header(device.ms - skewMs - tookMs / 2), askedMs);
  };
  return { device, clock, answer, off: () => clock.now() - (device.ms - skewMs) };
}

it.each([3_000, -3_000, 20 * 60_000, -6 * 3_600_000])('knows a device clock that is %d ms ahead', (skewMs) => {
  const { answer, off } = setUp(skewMs);
  answer(80);
  expect(Math.abs(off())).toBeLessThanOrEqual(540);
});

it.each([0, 300, -200])('leaves a clock alone that can be right (%d ms)', (skewMs) => {
  const { device, clock, answer } = setUp(skewMs);
  device.ms += 500;
  answer(600);
  expect(clock.now()).toBe(device.ms);
});

it('learns anew when the device clock is set', () => {
  const { device, clock, answer } = setUp(0);
  answer(80);
  device.ms += 3_600_000;
  clock.learn(header(NOON), device.ms);
  expect(Math.abs(clock.now() - NOON)).toBeLessThanOrEqual(500);
});

it('keeps what it knows where an answer says nothing', () => {
  const { clock, device, answer } = setUp(20_000);
  answer(80);
  const known = clock.now();
  clock.learn(null, device.ms);
  clock.learn('soon', device.ms);
  expect(clock.now()).toBe(known);
});
