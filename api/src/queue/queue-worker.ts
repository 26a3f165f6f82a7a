import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logging/logger.ts';
import type { Claim, QueueRepository } from './queue.repository.ts';

const INTERVAL_MS = 5000;
/** A worker that died gives way after this; a living one renews in good time. */
const LEASE_MS = 120_000;
/** Pause before the end of an item is noted again, which the database did not take. */
const NOTE_AGAIN_MS = 500;
const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 60 * 60_000;

/** Thrown by the work when trying again cannot help. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

interface Parts<T> {
  /** What it is, for the log. */
  readonly label: string;
  readonly items: QueueRepository<T>;
  /**
   * Does the work of one item. When it finishes the item itself, in a transaction of its own, it returns `finished`.
   * @throws PermanentFailure when trying again cannot help
   */
  readonly work: (claim: Claim<T>) => Promise<'done' | 'finished'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Wait before the next attempt: doubling from 30 s to an hour. */
export function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
}

/** Works on what a queue holds, one item after the other, until each is done or has expired. */
export class QueueWorker<T> {
  readonly #parts: Parts<T>;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #closing = new AbortController();

  private constructor(parts: Parts<T>) {
    this.#parts = parts;
  }

  static create<T>(parts: Parts<T>): QueueWorker<T> {
    return new QueueWorker(parts);
  }

  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.wake(), INTERVAL_MS).unref();
  }

  /** Something was added: looks at once instead of at the next interval. */
  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again) this.wake();
    });
  }

  /** Ends after the item that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { items, clock, logger, label } = this.#parts;
    this.#again = false;
    try {
      while (!this.#closed) {
        const claim = await items.claim(new Date(clock.now()), LEASE_MS);
        if (claim === undefined) return;
        await this.#handle(claim);
      }
    } catch (error) {
      logger.warn({ err: error, queue: label }, 'A queue could not be worked on');
    }
  }

  async #handle(claim: Claim<T>): Promise<void> {
    const { items, clock, logger, label } = this.#parts;
    const facts = { queue: label, itemId: claim.id, attempts: claim.attempts };
    if (claim.expiresAt.getTime() <= clock.now()) {
      await items.finish(claim, 'failed');
      logger.warn(facts, 'Given up: it is too late for this now');
      return;
    }
    const renewal = setInterval(() => void this.#renew(claim), LEASE_MS / 3).unref();
    try {
      const end = await this.#work(claim, facts);
      if (end === 'done' || end === 'failed') await this.#note(claim, end);
      if (end === 'again') await items.release(claim, new Date(clock.now() + retryDelayMs(claim.attempts)));
    } finally {
      clearInterval(renewal);
    }
  }

  async #work(claim: Claim<T>, facts: object): Promise<'done' | 'finished' | 'failed' | 'again'> {
    const { work, logger } = this.#parts;
    try {
      const end = await work(claim);
      logger.info(facts, 'Done');
      return end;
    } catch (error) {
      const permanent = error instanceof PermanentFailure;
      logger.warn({ ...facts, err: error }, permanent ? 'Given up: trying again cannot help' : 'Will be tried again');
      return permanent ? 'failed' : 'again';
    }
  }

  /** Notes how it ended, and goes on trying while the database is away: what is not noted would be done once more. */
  async #note(claim: Claim<T>, end: 'done' | 'failed'): Promise<void> {
    const { items, logger, label } = this.#parts;
    for (;;) {
      try {
        await items.finish(claim, end);
        return;
      } catch (error) {
        logger.warn({ err: error, queue: label, itemId: claim.id }, 'The end of an item could not be noted yet');
        if (this.#closed) throw error;
        await delay(NOTE_AGAIN_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
  }

  async #renew(claim: Claim<T>): Promise<void> {
    const { items, clock, logger, label } = this.#parts;
    try {
      await items.renew(claim, new Date(clock.now() + LEASE_MS));
    } catch (error) {
      logger.warn({ err: error, queue: label }, 'A lease could not be renewed');
    }
  }
}
