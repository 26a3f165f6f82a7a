export interface BucketOptions {
  /** Most requests at once. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** A token bucket. Requests beyond it are counted as debt; `floodedOver` tells when the debt is a full bucket. */
export class TokenBucket {
  readonly #options: BucketOptions;
  #level: number;
  #refilledAtMs: number;

  constructor(options: BucketOptions, nowMs: number) {
    this.#options = options;
    this.#level = options.capacity;
    this.#refilledAtMs = nowMs;
  }

  /** Takes one request; false when it is over the limit. */
  take(nowMs: number): boolean {
    const { capacity, refillPerSecond } = this.#options;
    const refill = (Math.max(0, nowMs - this.#refilledAtMs) / 1000) * refillPerSecond;
    this.#refilledAtMs = nowMs;
    this.#level = Math.min(capacity, this.#level + refill) - 1;
    return this.#level >= 0;
  }

  /** Whether the sender goes on although it was refused a whole bucket's worth of requests. */
  get floodedOver(): boolean {
    return this.#level < -this.#options.capacity;
  }
}
