import type { AppEventName, AppEventPayload } from '@health-connect/contract';
import type { EventPublisher } from './publisher.ts';
import { rooms, type AppServer } from './socket-server.ts';

/** Publishes events to the sockets of this server. */
export class SocketPublisher implements EventPublisher {
  readonly #io: AppServer;

  private constructor(io: AppServer) {
    this.#io = io;
  }

  static create(io: AppServer): SocketPublisher {
    return new SocketPublisher(io);
  }

  toAccounts<N extends AppEventName>(accountIds: readonly string[], name: N, payload: AppEventPayload<N>): void {
    if (accountIds.length > 0) this.#io.to(accountIds.map(rooms.account)).emit(name, payload);
  }

  toWatchers<N extends AppEventName>(consultationId: string, name: N, payload: AppEventPayload<N>): void {
    this.#io.to(rooms.consultation(consultationId)).emit(name, payload);
  }

  stopWatching(accountId: string, consultationId: string): void {
    this.#io.in(rooms.account(accountId)).socketsLeave(rooms.consultation(consultationId));
  }

  endSession(sessionId: string): void {
    const sockets = this.#io.in(rooms.session(sessionId));
    const payload: AppEventPayload<'session.ended'> = {};
    sockets.emit('session.ended' satisfies AppEventName, payload);
    sockets.disconnectSockets(true);
  }
}
