import { ProductError } from '@health-connect/contract';

const BUSY_RETRY_SECONDS = 5;

/**
 * Lets so many through at once; a bounded number waits for its turn, in order, and everybody beyond is told at once to
 * come back later. What lies behind it can be flooded without taking the machine away from everybody else (A7).
 */
export class Turnstile {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  private constructor(concurrency: number, queueLimit: number) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
  }

  static create(concurrency: number, queueLimit: number): Turnstile {
    return new Turnstile(concurrency, queueLimit);
  }

  /** Does the work when it is its turn. @throws ProductError `unavailable` when too many are waiting */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
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
