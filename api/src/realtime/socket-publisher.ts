import type { AppEventName, AppEventPayload } from '@health-connect/contract';
import type { SlotNews } from '../availability/slot-news.ts';
import type { EventPublisher } from './publisher.ts';
import type { SocketNewsBus } from './socket-news-bus.ts';
import type { SocketNews } from './socket-news.ts';

interface Parts {
  readonly local: { deliver(news: SocketNews): void };
  readonly bus: Pick<SocketNewsBus, 'tell'>;
}

/** Publishes to the sockets of this process at once, and to those of all others. */
export class SocketPublisher implements EventPublisher, SlotNews {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): SocketPublisher {
    return new SocketPublisher(parts);
  }

  toAccounts<N extends AppEventName>(accountIds: readonly string[], name: N, payload: AppEventPayload<N>): void {
    if (accountIds.length > 0)
      this.#publish({ kind: 'accounts', accountIds: [...accountIds], event: { name, payload } });
  }

  toWatchers<N extends AppEventName>(consultationId: string, name: N, payload: AppEventPayload<N>): void {
    this.#publish({ kind: 'watchers', consultationId, event: { name, payload } });
  }

  stopWatching(accountId: string, consultationId: string): void {
    this.#publish({ kind: 'unwatch', accountId, consultationId });
  }

  endSession(sessionId: string): void {
    this.#publish({ kind: 'session-ended', sessionId });
  }

  changed(doctorId: string, from: Date | null, to: Date | null): void {
    const change = { doctorId, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null };
    this.#publish({ kind: 'slots', change });
  }

  #publish(news: SocketNews): void {
    this.#parts.local.deliver(news);
    this.#parts.bus.tell(news);
  }
}
