import { ProductError } from '@health-connect/contract';

/** A person has a few devices with a few tabs each. Counted by each api process: it is about what one has to bear. */
export const MAX_SOCKETS_PER_ACCOUNT = 30;
/** Requests that a socket may send at once, and how many more each second. A page sends a handful. */
export const REQUEST_BURST = 60;
export const REQUESTS_PER_SECOND = 20;
/** Who goes on after so many refusals is not a page of ours: the socket is closed. */
export const MAX_REFUSALS = 200;

/** Token bucket of one socket (A9, OWASP WebSocket). */
export class RequestBudget {
  readonly #nowMs: () => number;
  #tokens = REQUEST_BURST;
  #filledAtMs: number;
  #refusals = 0;

  private constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#filledAtMs = nowMs();
  }

  static create(nowMs: () => number = () => performance.now()): RequestBudget {
    return new RequestBudget(nowMs);
  }

  /** Whether the socket should be closed: it does not heed refusals. */
  get exhausted(): boolean {
    return this.#refusals >= MAX_REFUSALS;
  }

  /** @throws ProductError `rate_limited` */
  take(): void {
    const nowMs = this.#nowMs();
    const earned = ((nowMs - this.#filledAtMs) / 1000) * REQUESTS_PER_SECOND;
    this.#tokens = Math.min(REQUEST_BURST, this.#tokens + earned);
    // Forgotten with time, not with the next message that goes through: of a flood, too, one does now and then.
    this.#refusals = Math.max(0, this.#refusals - earned);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) {
      this.#refusals += 1;
      throw new ProductError('rate_limited');
    }
    this.#tokens -= 1;
  }
}
