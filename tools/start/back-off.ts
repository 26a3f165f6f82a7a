export interface BackOffOptions {
  /** Pause before the first restart. */
  readonly firstMs: number;
  /** No pause is longer than this. */
  readonly longestMs: number;
  /** A process that has run this long counts as healthy: the next pause is the first one again. */
  readonly healthyAfterMs: number;
}

export const defaultBackOff: BackOffOptions = { firstMs: 500, longestMs: 30_000, healthyAfterMs: 30_000 };

/** Pauses between restarts: each twice as long as the one before, up to a limit, from the start after a healthy run. */
export class BackOff {
  readonly #options: BackOffOptions;
  #failures = 0;

  private constructor(options: BackOffOptions) {
    this.#options = options;
  }

  static create(options: BackOffOptions = defaultBackOff): BackOff {
    return new BackOff(options);
  }

  /** How many runs in a row have ended before they were healthy. */
  get failures(): number {
    return this.#failures;
  }

  /** Notes that a run has ended, and tells how long to wait before the next one. */
  next(ranMs: number): number {
    if (ranMs >= this.#options.healthyAfterMs) this.#failures = 0;
    const pauseMs = Math.min(this.#options.firstMs * 2 ** this.#failures, this.#options.longestMs);
    this.#failures += 1;
    return pauseMs;
  }
}
