import { Rounds } from '../jobs/rounds.ts';
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
  readonly #rounds: Rounds;

  private constructor(parts: Parts) {
    this.#parts = parts;
    const { logger } = parts;
    const failure = 'Sessions of sockets could not be looked after';
    this.#rounds = Rounds.create({ everyMs: INTERVAL_MS, run: () => this.#look(), failure, logger });
  }

  static create(parts: Parts): SessionWatch {
    return new SessionWatch(parts);
  }

  start(): void {
    this.#rounds.start();
  }

  /** Ends with the round that is under way. */
  close(): Promise<void> {
    return this.#rounds.close();
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
