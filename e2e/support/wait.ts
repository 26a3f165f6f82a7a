import { setTimeout as pause } from 'node:timers/promises';

const POLL_INTERVAL_MS = 100;

/** Resolves with the first value of `read` that satisfies `accept`; fails with the last value when time is up. */
export async function waitFor<T>(
  what: string,
  read: () => Promise<T>,
  accept: (value: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`${what} did not happen within ${timeoutMs} ms; last: ${JSON.stringify(value)}`);
    await pause(POLL_INTERVAL_MS);
  }
}
