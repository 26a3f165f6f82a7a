import { randomUUID } from 'node:crypto';
import {
  appRequests,
  ProductError,
  type Acknowledgement,
  type AppEventName,
  type AppEventPayload,
} from '@health-connect/contract';
import { requireAccess, type Actor } from '../accounts/actor.ts';
import type { Clock } from '../clock.ts';
import { readCookie, SESSION_COOKIE } from '../http/cookie.ts';
import { logFailure, toProductError } from '../http/errors.ts';
import type { Logger } from '../logging/logger.ts';
import { runWithRequestId } from '../logging/request-context.ts';
import type { RequestBinding, Watcher } from './request-binding.ts';
import { rooms, type AppServer, type AppSocket } from './socket-server.ts';

interface Parts {
  readonly io: AppServer;
  readonly bindings: readonly RequestBinding[];
  readonly authenticate: (sessionToken: string | undefined) => Promise<Actor | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Answer = (answer: Acknowledgement<unknown>) => void;

/** One tab has a handful of consultations on its screen. */
const MAX_WATCHED = 100;

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'function';
}

function watcherOf(socket: AppSocket): Watcher {
  return {
    watch: (consultationId) => {
      const watched = [...socket.rooms].filter((room) => room.startsWith(rooms.consultation('')));
      if (watched.length >= MAX_WATCHED) throw new ProductError('limit_exceeded');
      void socket.join(rooms.consultation(consultationId));
    },
    unwatch: (consultationId) => {
      void socket.leave(rooms.consultation(consultationId));
    },
  };
}

const cookieOf = (socket: AppSocket): string | undefined => readCookie(socket.handshake.headers.cookie, SESSION_COOKIE);

function endSession(socket: AppSocket): void {
  const payload: AppEventPayload<'session.ended'> = {};
  socket.emit('session.ended' satisfies AppEventName, payload);
  socket.disconnect(true);
}

function requireComplete(bindings: readonly RequestBinding[]): void {
  const missing = new Set<string>(Object.keys(appRequests));
  for (const { name } of bindings) {
    if (!missing.delete(name)) throw new TypeError(`${name} is bound twice.`);
  }
  if (missing.size > 0) throw new TypeError(`${[...missing].join(', ')} declared but not bound.`);
}

/** The app socket: who may connect, and answers to declared requests. Everything else is refused harmlessly. */
export class Gateway {
  readonly #parts: Parts;
  readonly #bindings: ReadonlyMap<string, RequestBinding>;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#bindings = new Map(parts.bindings.map((binding) => [binding.name, binding]));
  }

  /** @throws TypeError when a declared request is not bound, or twice */
  static create(parts: Parts): Gateway {
    requireComplete(parts.bindings);
    const gateway = new Gateway(parts);
    parts.io.use((socket, next) => {
      gateway.#admit(socket).then(
        () => next(),
        (error: unknown) => next(gateway.#refusal(error)),
      );
    });
    parts.io.on('connection', (socket) => {
      gateway.#serve(socket);
    });
    return gateway;
  }

  async #admit(socket: AppSocket): Promise<void> {
    const actor = await this.#parts.authenticate(cookieOf(socket));
    if (actor === undefined) throw new ProductError('unauthenticated');
    const lifetimeMs = Math.max(0, actor.sessionExpiresAt.getTime() - this.#parts.clock.now());
    socket.data.actor = actor;
    socket.data.expiry = setTimeout(() => endSession(socket), lifetimeMs).unref();
  }

  #refusal(error: unknown): Error {
    const failure = toProductError(error);
    logFailure(this.#parts.logger, failure);
    return Object.assign(new Error(failure.code), { data: failure.toFailure(randomUUID()) });
  }

  #serve(socket: AppSocket): void {
    const { actor, expiry } = socket.data;
    void socket.join([rooms.account(actor.accountId), rooms.session(actor.sessionId)]);
    socket.on('disconnect', () => clearTimeout(expiry));
    socket.onAny((name: unknown, ...rest: unknown[]) => {
      const answer = rest.at(-1);
      if (!isAnswer(answer)) {
        this.#parts.logger.debug('A socket request without acknowledgement was dropped');
        return;
      }
      const requestId = randomUUID();
      void runWithRequestId(requestId, () => this.#answer(socket, name, rest.slice(0, -1), answer, requestId));
    });
  }

  async #answer(
    socket: AppSocket,
    name: unknown,
    payloads: readonly unknown[],
    answer: Answer,
    requestId: string,
  ): Promise<void> {
    try {
      answer({ ok: true, data: await this.#handle(socket, name, payloads) });
    } catch (error) {
      const failure = toProductError(error);
      logFailure(this.#parts.logger, failure);
      answer({ ok: false, error: failure.toFailure(requestId) });
      if (failure.code === 'unauthenticated') endSession(socket);
    }
  }

  async #handle(socket: AppSocket, name: unknown, payloads: readonly unknown[]): Promise<unknown> {
    const binding = typeof name === 'string' ? this.#bindings.get(name) : undefined;
    if (binding === undefined) throw new ProductError('not_found');
    // Asked anew each time: a session that has ended, or another role, takes effect at once.
    const actor = await this.#parts.authenticate(cookieOf(socket));
    requireAccess(binding.request.access, actor);
    if (actor === undefined) throw new ProductError('unauthenticated');
    if (payloads.length !== 1) throw new ProductError('validation_failed');
    return binding.handle(payloads[0], actor, watcherOf(socket));
  }
}
