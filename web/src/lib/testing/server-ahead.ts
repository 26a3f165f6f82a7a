import { serverClock } from '../server-clock.ts';

/**
 * Lets the server's clock be ahead of that of this device, as far as the header of an answer can tell (half a second).
 * For tests; 0 makes them one again.
 */
export function putServerAhead(aheadMs: number): void {
  const nowMs = serverClock.deviceNow();
  // From far off, so that what the header says is taken whatever was known before.
  for (const ms of [nowMs + aheadMs + 3_600_000, nowMs + aheadMs])
    serverClock.learn(new Date(ms).toUTCString(), serverClock.deviceNow());
}
