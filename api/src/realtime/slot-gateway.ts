import { randomUUID } from 'node:crypto';
import {
  MAX_WATCHED_DOCTORS,
  ProductError,
  SLOT_NAMESPACE,
  slotRequests,
  validationError,
  type Acknowledgement,
} from '@health-connect/contract';
import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { logFailure, toProductError } from '../http/errors.ts';
import { clientAddress, throttledNetwork } from '../http/network.ts';
import type { Logger } from '../logging/logger.ts';
import { OneVisit } from './one-visit.ts';
import { RequestBudget } from './socket-limits.ts';
import { rooms, type AppServer } from './socket-server.ts';

interface Parts {
  readonly io: AppServer;
  readonly trustedProxies: number;
  readonly logger: Logger;
}

/** Visitors of one network, which may be a whole hospital behind one address; for each api process. */
export const MAX_SLOT_SOCKETS_PER_NETWORK = 300;

const nameSchema = z.enum(['slots.watch', 'slots.unwatch']);
const answerSchema = z.custom<(answer: Acknowledgement<object>) => void>((value) => typeof value === 'function');

/**
 * The slot socket: tells pages that show free times when they change. Open to visitors as these pages are; it says which
 * doctor's time changed between which instants, and nothing about anybody.
 */
export class SlotGateway {
  readonly #namespace: Namespace;
  readonly #parts: Parts;
  readonly #perNetwork = new Map<string, number>();
  readonly #oneVisit = OneVisit.create();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#namespace = parts.io.of(SLOT_NAMESPACE);
    this.#namespace.use((socket, next) => {
      try {
        this.#admit(socket);
        next();
      } catch (error) {
        next(new Error(toProductError(error).code));
      }
    });
    this.#namespace.on('connection', (socket) => {
      this.#serve(socket);
    });
  }

  static create(parts: Parts): SlotGateway {
    return new SlotGateway(parts);
  }

  #admit(socket: Socket): void {
    const isFull = (this.#perNetwork.get(this.#networkOf(socket)) ?? 0) >= MAX_SLOT_SOCKETS_PER_NETWORK;
    if (isFull) throw new ProductError('limit_exceeded');
    this.#oneVisit.begin(socket);
  }

  #networkOf({ handshake, request }: Socket): string {
    const { 'x-forwarded-for': forwardedFor } = request.headers;
    return throttledNetwork(clientAddress(handshake.address, forwardedFor, this.#parts.trustedProxies)) ?? '';
  }

  #serve(socket: Socket): void {
    const network = this.#networkOf(socket);
    const budget = RequestBudget.create();
    this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1);
    socket.on('disconnect', () => {
      this.#oneVisit.end(socket);
      const left = (this.#perNetwork.get(network) ?? 1) - 1;
      if (left > 0) this.#perNetwork.set(network, left);
      else this.#perNetwork.delete(network);
    });
    socket.onAny((name: unknown, ...rest: unknown[]) => {
      const answer = answerSchema.safeParse(rest.at(-1)).data;
      try {
        // Counted also when no answer is wanted: it was read all the same.
        budget.take();
        if (answer === undefined) return;
        this.#handle(socket, name, rest.slice(0, -1));
        answer({ ok: true, data: {} });
      } catch (error) {
        const failure = toProductError(error);
        logFailure(this.#parts.logger, failure);
        answer?.({ ok: false, error: failure.toFailure(randomUUID()) });
        if (budget.exhausted) socket.disconnect(true);
      }
    });
  }

  #handle(socket: Socket, given: unknown, payloads: readonly unknown[]): void {
    const name = nameSchema.safeParse(given).data;
    if (name === undefined) throw new ProductError('not_found');
    const parsed = slotRequests[name].payload.safeParse(payloads.length === 1 ? payloads[0] : undefined);
    if (!parsed.success) throw validationError(parsed.error);
    const room = rooms.slots(parsed.data.doctorId);
    if (name === 'slots.unwatch') {
      void socket.leave(room);
      return;
    }
    // A socket is in a room of its own besides those that it watches.
    if (!socket.rooms.has(room) && socket.rooms.size > MAX_WATCHED_DOCTORS) throw new ProductError('limit_exceeded');
    void socket.join(room);
  }
}
