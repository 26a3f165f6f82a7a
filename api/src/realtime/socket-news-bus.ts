import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isPlaceGone } from '../database/errors.ts';
import { newId } from '../database/ids.ts';
import type { Logger } from '../logging/logger.ts';
import { seal, unseal } from '../queue/seal.ts';
import { socketNewsSchema, type SocketNews } from './socket-news.ts';
import type { NewsItem, NewsStream, Place, SocketNewsRepository } from './socket-news.repository.ts';

/** How long to wait for a database that is away. */
const RETRY_MS = 500;
const MAX_BATCH = 500;
/** While the database is away little happens that could be told; of more than this the oldest are dropped. */
const MAX_WAITING = 10_000;
/** How long a process that stops tries to tell what it still has to tell. */
const LAST_WORDS_LIMIT_MS = 2000;
/** One line of log a minute is enough about a database that is away. */
const WARN_EVERY_MS = 60_000;

/** What becomes of news from another process. */
export interface NewsReceiver {
  deliver(news: SocketNews): void;
  /** Something was told that can no longer be read: nobody knows what. */
  missed(): void;
}

interface Parts {
  readonly repository: SocketNewsRepository;
  /** 32 bytes; the same one in all processes. */
  readonly key: Buffer;
  readonly receiver: NewsReceiver;
  readonly logger: Logger;
}

/**
 * Carries news for sockets from each api process to all others, over the database that they share. News of one process
 * arrive in its order. While the database is away they wait, and what the others told meanwhile is read once it is back:
 * a change stream goes on where it broke off.
 */
export class SocketNewsBus {
  readonly #parts: Parts;
  readonly #self = randomUUID();
  readonly #waiting: NewsItem[] = [];
  readonly #closing = new AbortController();
  #telling: Promise<void> | undefined;
  #stream: NewsStream | undefined;
  #place: Place | undefined;
  #warnedAtMs = -Infinity;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): SocketNewsBus {
    return new SocketNewsBus(parts);
  }

  /** From its end on, everything is heard that another process tells. @throws what the database throws */
  async open(): Promise<void> {
    this.#place = await this.#parts.repository.end();
    void this.#listen();
  }

  /** Tells the other processes, soon. Never throws. */
  tell(news: SocketNews): void {
    if (this.#waiting.length >= MAX_WAITING) this.#waiting.shift();
    this.#waiting.push({ id: newId(), news: seal(JSON.stringify(news), this.#parts.key) });
    this.#telling ??= this.#tellAll();
  }

  /** Says what is still to be said, and hears nothing more. */
  async close(): Promise<void> {
    const limit = AbortSignal.timeout(LAST_WORDS_LIMIT_MS);
    const limited = new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.#telling, limited]);
    this.#closing.abort();
    // A stream that is just finding its way back to the database ends only with the connection: it is not waited for.
    await this.#stream?.close();
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    const { repository } = this.#parts;
    while (this.#waiting.length > 0 && !this.#isClosing()) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        await repository.tell(this.#self, batch);
      } catch (error) {
        this.#warn(error, 'Other processes cannot be told for now');
        this.#waiting.unshift(...batch);
        await this.#pause();
      }
    }
    this.#telling = undefined;
  }

  /** Never throws. */
  async #listen(): Promise<void> {
    while (!this.#isClosing()) {
      try {
        this.#stream ??= await this.#follow();
        const sealed = await this.#stream.next();
        if (sealed !== undefined) this.#receive(sealed);
      } catch (error) {
        if (this.#isClosing()) return;
        this.#warn(error, 'Other processes cannot be heard for now');
        this.#place = isPlaceGone(error) ? undefined : (this.#stream?.place ?? this.#place);
        await this.#stream?.close().catch(() => undefined);
        this.#stream = undefined;
        await this.#pause();
      }
    }
  }

  async #follow(): Promise<NewsStream> {
    const { repository, receiver } = this.#parts;
    if (this.#place === undefined) {
      // The database is there, but not the place where following broke off: its log does not reach back so far.
      this.#place = await repository.end();
      receiver.missed();
    }
    return repository.follow(this.#self, this.#place);
  }

  #receive(sealed: Buffer): void {
    const { key, receiver, logger } = this.#parts;
    try {
      receiver.deliver(socketNewsSchema.parse(JSON.parse(unseal(sealed, key))));
    } catch (error) {
      logger.warn({ err: error }, 'News from another process could not be read: do all have the same keys?');
    }
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #pause(): Promise<void> {
    await delay(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #warn(error: unknown, message: string): void {
    if (Date.now() - this.#warnedAtMs < WARN_EVERY_MS) return;
    this.#warnedAtMs = Date.now();
    this.#parts.logger.warn({ err: error }, message);
  }
}
