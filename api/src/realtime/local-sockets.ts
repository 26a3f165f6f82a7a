import { SLOT_NAMESPACE, type AppEventName, type AppEventPayload, type SlotEventName } from '@health-connect/contract';
import type { NewsReceiver } from './socket-news-bus.ts';
import type { SocketNews } from './socket-news.ts';
import { rooms, type AppServer } from './socket-server.ts';

/** The sockets of this process. */
export class LocalSockets implements NewsReceiver {
  readonly #io: AppServer;

  private constructor(io: AppServer) {
    this.#io = io;
  }

  static create(io: AppServer): LocalSockets {
    return new LocalSockets(io);
  }

  deliver(news: SocketNews): void {
    switch (news.kind) {
      case 'accounts':
        if (news.accountIds.length > 0)
          this.#io.to(news.accountIds.map(rooms.account)).emit(news.event.name, news.event.payload);
        break;
      case 'watchers':
        this.#io.to(rooms.consultation(news.consultationId)).emit(news.event.name, news.event.payload);
        break;
      case 'unwatch':
        this.#io.in(rooms.account(news.accountId)).socketsLeave(rooms.consultation(news.consultationId));
        break;
      case 'session-ended':
        this.#endSession(news.sessionId);
        break;
      case 'slots':
        this.#io
          .of(SLOT_NAMESPACE)
          .to(rooms.slots(news.change.doctorId))
          .emit('slots.changed' satisfies SlotEventName, news.change);
    }
  }

  /** Cuts all connections: pages connect again, are checked again, and read again what they show. */
  missed(): void {
    for (const { conn } of this.#io.of('/').sockets.values()) conn.close();
    for (const { conn } of this.#io.of(SLOT_NAMESPACE).sockets.values()) conn.close();
  }

  #endSession(sessionId: string): void {
    const sockets = this.#io.in(rooms.session(sessionId));
    const payload: AppEventPayload<'session.ended'> = {};
    sockets.emit('session.ended' satisfies AppEventName, payload);
    sockets.disconnectSockets(true);
  }
}
