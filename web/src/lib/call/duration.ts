/** Whole minutes since a moment: a call shows minutes, never running seconds. Never negative. */
export function minutesSince(startMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - startMs) / 60_000));
}

/** How long until the shown minute changes, in ms. */
export function untilNextMinuteMs(startMs: number, nowMs: number): number {
  return 60_000 - ((((nowMs - startMs) % 60_000) + 60_000) % 60_000);
}
