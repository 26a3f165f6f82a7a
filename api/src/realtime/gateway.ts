import { randomUUID } from 'node:crypto';
import {
  appHandshakeSchema,
  appRequests,
  ProductError,
  validationError,
  type Acknowledgement,
  type AppEventName,
  type AppEventPayload,
} from '@health-connect/contract';
import { requireAccess, requireBelieved, type Actor } from '../accounts/actor.ts';
import type { Clock } from '../clock.ts';
import { readCookie, SESSION_COOKIE } from '../http/cookie.ts';
import { logFailure, toProductError } from '../http/errors.ts';
import { clientAddress } from '../http/network.ts';
import type { Logger } from '../logging/logger.ts';
import { runWithRequestId } from '../logging/request-context.ts';
import { isRefusal, type Refused } from '../policy/refusal.ts';
import { OneVisit } from './one-visit.ts';
import type { RequestBinding, Watcher } from './request-binding.ts';
import { MAX_SOCKETS_PER_ACCOUNT, RequestBudget } from './socket-limits.ts';
import { rooms, type AppServer, type AppSocket } from './socket-server.ts';

interface Parts {
  readonly io: AppServer;
  readonly bindings: readonly RequestBinding[];
  readonly authenticate: (accessToken: string | undefined) => Promise<Actor | undefined>;
  /** Who is behind a session now: a socket outlives the access token with which it was opened. */
  readonly authenticateSession: (sessionId: string) => Promise<Actor | undefined>;
  /** Records that a signed-in account was refused by a rule. */
  readonly refused: (actor: Actor, refused: Refused) => Promise<void>;
  readonly trustedProxies: number;
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

/** The account that the page of this socket shows, if it says so. */
function believedBy({ handshake }: AppSocket): string | undefined {
  const said = appHandshakeSchema.safeParse(handshake.auth);
  if (!said.success) throw validationError(said.error);
  return said.data.accountId;
}

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
  readonly #oneVisit = OneVisit.create();

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
    this.#oneVisit.begin(socket);
    try {
      await this.#letIn(socket);
    } catch (error) {
      this.#oneVisit.end(socket);
      throw error;
    }
  }

  async #letIn(socket: AppSocket): Promise<void> {
    const actor = await this.#parts.authenticate(cookieOf(socket));
    if (actor === undefined) throw new ProductError('unauthenticated');
    requireBelieved(believedBy(socket), actor);
    this.#requireFewSockets(actor);
    socket.data.actor = actor;
    this.#watchExpiry(socket, actor.sessionExpiresAt);
  }

  /** Ends the socket with its session; one that was renewed meanwhile goes on. */
  #watchExpiry(socket: AppSocket, expiresAt: Date): void {
    const { authenticateSession, clock, logger } = this.#parts;
    const recheck = async (): Promise<void> => {
      const actor = await authenticateSession(socket.data.actor.sessionId);
      if (actor === undefined) endSession(socket);
      else if (socket.connected) this.#watchExpiry(socket, actor.sessionExpiresAt);
    };
    socket.data.expiry = setTimeout(
      () => {
        recheck().catch((error: unknown) => {
          logger.warn({ err: error }, 'The session of a socket could not be checked: the socket ends');
          endSession(socket);
        });
      },
      Math.max(0, expiresAt.getTime() - clock.now()),
    ).unref();
  }

  #socketsOf({ accountId }: Actor): number {
    return this.#parts.io.of('/').adapter.rooms.get(rooms.account(accountId))?.size ?? 0;
  }

  #requireFewSockets(actor: Actor): void {
    if (this.#socketsOf(actor) >= MAX_SOCKETS_PER_ACCOUNT) throw new ProductError('limit_exceeded');
  }

  #networkOf({ handshake, request }: AppSocket): string | undefined {
    const { 'x-forwarded-for': forwardedFor } = request.headers;
    return clientAddress(handshake.address, forwardedFor, this.#parts.trustedProxies);
  }

  #refusal(error: unknown): Error {
    const failure = toProductError(error);
    logFailure(this.#parts.logger, failure);
    return Object.assign(new Error(failure.code), { data: failure.toFailure(randomUUID()) });
  }

  #serve(socket: AppSocket): void {
    const { actor } = socket.data;
    const budget = RequestBudget.create();
    // Asked again: many may have been admitted at the same moment.
    if (this.#socketsOf(actor) >= MAX_SOCKETS_PER_ACCOUNT) {
      socket.disconnect(true);
      return;
    }
    void socket.join([rooms.account(actor.accountId), rooms.session(actor.sessionId)]);
    socket.on('disconnect', () => {
      clearTimeout(socket.data.expiry);
      this.#oneVisit.end(socket);
    });
    socket.onAny((name: unknown, ...rest: unknown[]) => {
      const answer = rest.at(-1);
      if (!isAnswer(answer)) {
        this.#drop(socket, budget);
        return;
      }
      const requestId = randomUUID();
      const serve = (): Promise<void> => this.#answer(socket, name, rest.slice(0, -1), answer, requestId, budget);
      void runWithRequestId(requestId, serve, this.#networkOf(socket));
    });
  }

  /** A request that wants no answer is none of ours; it was read all the same, so it counts. */
  #drop(socket: AppSocket, budget: RequestBudget): void {
    try {
      budget.take();
      this.#parts.logger.debug('A socket request without acknowledgement was dropped');
    } catch (error) {
      logFailure(this.#parts.logger, toProductError(error));
      if (budget.exhausted) socket.disconnect(true);
    }
  }

  async #answer(
    socket: AppSocket,
    name: unknown,
    payloads: readonly unknown[],
    answer: Answer,
    requestId: string,
    budget: RequestBudget,
  ): Promise<void> {
    try {
      budget.take();
      answer({ ok: true, data: await this.#handle(socket, name, payloads) });
    } catch (error) {
      const failure = toProductError(error);
      logFailure(this.#parts.logger, failure);
      answer({ ok: false, error: failure.toFailure(requestId) });
      if (failure.code === 'unauthenticated') endSession(socket);
      if (budget.exhausted) socket.disconnect(true);
    }
  }

  async #handle(socket: AppSocket, name: unknown, payloads: readonly unknown[]): Promise<unknown> {
    const binding = typeof name === 'string' ? this.#bindings.get(name) : undefined;
    if (binding === undefined) throw new ProductError('not_found');
    // Asked anew each time: a session that has ended, or another role, takes effect at once.
    const actor = await this.#parts.authenticateSession(socket.data.actor.sessionId);
    if (actor === undefined) throw new ProductError('unauthenticated');
    try {
      requireAccess(binding.request.access, actor);
      if (payloads.length !== 1) throw new ProductError('validation_failed');
      return await binding.handle(payloads[0], actor, watcherOf(socket));
    } catch (error) {
      if (error instanceof ProductError && isRefusal(error.code))
        await this.#parts.refused(actor, { what: `socket ${binding.name}`, params: payloads[0], error });
      throw error;
    }
  }
}
