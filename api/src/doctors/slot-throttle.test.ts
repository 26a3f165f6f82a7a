import { ProductError } from '@health-connect/contract';
import { expect, it } from 'vitest';
import { runWithRequestId } from '../logging/request-context.ts';
import { SLOT_LIMITS, SlotThrottle } from './slot-throttle.ts';

/** @returns how long to wait; 0 for who gets through */
async function ask(throttle: SlotThrottle, network: string, accountId?: string): Promise<number> {
  try {
    const viewer = accountId === undefined ? undefined : { accountId };
    await runWithRequestId('request', () => throttle.pass(viewer), network);
    return 0;
  } catch (error) {
    if (error instanceof ProductError && error.code === 'rate_limited') return error.retryAfterSeconds ?? Number.NaN;
    throw error;
  }
}

it('lets a clinic of 200 people behind one address look for times in the same minute', async () => {
  const throttle = SlotThrottle.create();
  const waits = await Promise.all(Array.from({ length: 200 * 15 }, () => ask(throttle, '192.0.2.1')));
  expect(waits.filter((seconds) => seconds > 0)).toEqual([]);
});

it('refuses a network that goes on, says for how long, and no other', async () => {
  const throttle = SlotThrottle.create();
  for (let turn = 0; turn < SLOT_LIMITS.network.burst + 1; turn += 1) await ask(throttle, '2001:db8:0:7::1');
  expect(await ask(throttle, '2001:db8:0:7::2')).toBe(SLOT_LIMITS.network.refillSeconds);
  expect(await ask(throttle, '2001:db8:0:8::1')).toBe(0);
  // Who is signed in is counted by themselves.
  expect(await ask(throttle, '2001:db8:0:7::1', 'a'.repeat(24))).toBe(0);
});

it('counts one account by itself, wherever it asks from', async () => {
  const throttle = SlotThrottle.create();
  const account = 'a'.repeat(24);
  for (let turn = 0; turn < SLOT_LIMITS.account.burst + 1; turn += 1)
    await ask(throttle, `192.0.2.${turn % 250}`, account);
  expect(await ask(throttle, '192.0.2.1', account)).toBe(SLOT_LIMITS.account.refillSeconds);
  expect(await ask(throttle, '192.0.2.1', 'b'.repeat(24))).toBe(0);
  expect(await ask(throttle, '192.0.2.1')).toBe(0);
});
