import { cleanup } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, vi } from 'vitest';

/** Each test of a file begins at this instant, late in the evening. */
export function beginAt(now: Date): void {
  beforeEach(() => vi.useFakeTimers({ now, shouldAdvanceTime: true }));
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

/** Time goes by, and what is shown follows. */
export function pass(ms: number): void {
  vi.advanceTimersByTime(ms);
  flushSync();
}
