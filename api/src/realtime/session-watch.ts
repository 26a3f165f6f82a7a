import type { Logger } from '../logging/logger.ts';
import type { NewsReceiver } from './socket-news-bus.ts';
import type { AppServer } from './socket-server.ts';

/** Sessions end within 5 s for their sockets (A4), this pause and the question included. */
const INTERVAL_MS = 3000;

interface Parts {
  readonly io: AppServer;
  readonly sessions: { existing(ids: readonly string[]): Promise<ReadonlySet<string>> };
  readonly receiver: Pick<NewsReceiver, 'deliver'>;
  readonly logger: Logger;
}

/**
 * Every few seconds: closes sockets whose session is gone although nothing was told. It may have ended in the very moment
 * in which the socket was let in, or in a process that died before it could tell.
 */
export class SessionWatch {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): SessionWatch {
    return new SessionWatch(parts);
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#round = this.#look()
        .catch((error: unknown) => {
          this.#parts.logger.warn({ err: error }, 'Sessions of sockets could not be looked after');
        })
        .then(() => {
          if (this.#timer !== undefined) this.start();
        });
    }, INTERVAL_MS).unref();
  }

  /** Ends with the round that is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#round;
  }

  async #look(): Promise<void> {
    const { io, sessions, receiver } = this.#parts;
    const open = new Set(Array.from(io.of('/').sockets.values(), ({ data }) => data.actor.sessionId));
    if (open.size === 0) return;
    const existing = await sessions.existing([...open]);
    for (const sessionId of open) {
      if (!existing.has(sessionId)) receiver.deliver({ kind: 'session-ended', sessionId });
    }
  }
}
