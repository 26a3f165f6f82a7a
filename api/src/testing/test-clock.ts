import type { Clock } from '../clock.ts';

/** A clock that stands still until a test moves it. Starts now, because the database removes what has expired. */
export class TestClock implements Clock {
  #nowMs = Date.now();

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  set(ms: number): void {
    this.#nowMs = ms;
  }
}
