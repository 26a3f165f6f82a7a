import { ProductError } from '@health-connect/contract';

const BUSY_RETRY_SECONDS = 5;

/**
 * Lets so many through at once; a bounded number waits for its turn, in order, and everybody beyond is told at once to
 * come back later. What lies behind it can be flooded without taking the machine away from everybody else (A7).
 */
export class Turnstile {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #rests: boolean;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  private constructor(concurrency: number, queueLimit: number, rests: boolean) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
    this.#rests = rests;
  }

  /**
   * @param options `rests`: a place stays empty for as long as its work took, so that the work takes at most half of
   * the time of so many cores
   */
  static create(concurrency: number, queueLimit: number, options: { readonly rests?: boolean } = {}): Turnstile {
    return new Turnstile(concurrency, queueLimit, options.rests === true);
  }

  /** Does the work when it is its turn. @throws ProductError `unavailable` when too many are waiting */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      if (this.#rests) setTimeout(() => this.#leave(), performance.now() - startedAt);
      else this.#leave();
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#queueLimit) {
      throw new ProductError('unavailable', { retryAfterSeconds: BUSY_RETRY_SECONDS });
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push(() => resolve(undefined));
    await promise;
  }
}
