import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  MEDIA_REQUEST_TIMEOUT_MS,
  ProductError,
  type Acknowledgement,
  type LeaveReason,
  type MediaRequestData,
  type MediaRequestResponse,
} from '@health-connect/contract';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { PeerSignal } from '../rooms/peer.ts';
import type { RoomRegistry, Seat } from '../rooms/registry.ts';
import { runWithRequestId } from '../request-context.ts';
import { withTimeLimit } from '../time-limit.ts';
import type { Admission, AdmissionDesk } from './admission.ts';
import { boundRequests, isMediaRequestName, type Entry } from './requests.ts';
import { TokenBucket } from './token-bucket.ts';

/** A full room of 16 needs about 70 requests at once: a resume for each consumer, transports, tracks, a view. */
const REQUEST_LIMIT = { capacity: 120, refillPerSecond: 40 };
/** Requests of one socket that wait for their turn. */
const MAX_WAITING = 128;
/** How long a session that is closed waits for its last answers. */
const LAST_ANSWERS_MS = 1_000;

export interface SessionEvents {
  /** It holds a place: an older session of the same peer has to give way. */
  seated: [string];
  closed: [];
}

export interface SessionOptions {
  readonly socket: Socket;
  readonly admission: Admission;
  readonly desk: AdmissionDesk;
  readonly registry: RoomRegistry;
  readonly log: Logger;
}

type Answer = (answer: Acknowledgement<object>) => void;

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'function';
}

/**
 * One media socket: takes its requests one after the other, answers each, and passes on what happens to its peer.
 * Events that happen while the peer enters are held back until the answer to `join` or `resume` is on its way.
 */
export class MediaSession extends EventEmitter<SessionEvents> implements Entry {
  readonly #socket: Socket;
  readonly #admission: Admission;
  readonly #desk: AdmissionDesk;
  readonly #registry: RoomRegistry;
  readonly #log: Logger;
  readonly #bucket = new TokenBucket(REQUEST_LIMIT, performance.now());
  readonly #joinLimit: NodeJS.Timeout;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #seat: Seat | undefined;
  #joined = false;
  #held: PeerSignal[] | undefined;
  #closed = false;

  private constructor(options: SessionOptions) {
    super();
    this.#socket = options.socket;
    this.#admission = options.admission;
    this.#desk = options.desk;
    this.#registry = options.registry;
    this.#log = options.log.child({ socket: options.socket.id });
    this.#joinLimit = setTimeout(() => this.#onNeverJoined(), MEDIA_REQUEST_TIMEOUT_MS);
    this.#socket.onAny((name: unknown, ...args: unknown[]) => this.#onMessage(name, args));
    this.#socket.on('disconnect', () => this.#onDisconnected());
  }

  static create(options: SessionOptions): MediaSession {
    return new MediaSession(options);
  }

  /** Enters the room of the token. Throws what `RoomRegistry.admit` and `Room.join` throw. */
  async join(data: MediaRequestData<'join'>): Promise<MediaRequestResponse<'join'>> {
    if (this.#admission.kind !== 'join') throw new ProductError('token_invalid');
    const { claims } = this.#admission;
    if (this.#desk.isVoided(claims)) throw new ProductError('token_invalid');
    const { room, peerId, participantId, name, party, grants } = claims;
    const seat = await this.#registry.admit(room, { peerId, participantId, name, party, grants });
    if (this.#closed) {
      seat.peer.close('lost');
      throw new ProductError('session_unknown');
    }
    this.#attach(seat);
    try {
      const state = await seat.room.join(seat.peer, data.rtpCapabilities);
      this.#markSeated(seat);
      return state;
    } catch (error) {
      this.#release();
      seat.peer.close('failed');
      throw error;
    }
  }

  /** Takes the kept place again. Throws `session_unknown` when it was given up meanwhile. */
  resume(): Promise<MediaRequestResponse<'resume'>> {
    if (this.#admission.kind !== 'resume') return Promise.reject(new ProductError('session_unknown'));
    const { seat } = this.#admission;
    if (!seat.peer.joined) return Promise.reject(new ProductError('session_unknown'));
    // Before attaching: an older socket of this peer must not report its end as a loss.
    this.emit('seated', seat.peer.id);
    this.#attach(seat);
    const state = seat.room.resume(seat.peer);
    this.#joined = true;
    clearTimeout(this.#joinLimit);
    return Promise.resolve(state);
  }

  /** A newer socket of the same peer has come: this one goes, the peer stays. */
  supersede(): void {
    this.#release();
    this.#seat = undefined;
    this.#disconnect();
  }

  /** Answers what is still being worked on, then ends the socket; the peer's place is kept for the resume window. */
  async close(): Promise<void> {
    await Promise.race([this.#queue, new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS_MS).unref())]);
    this.#disconnect();
  }

  #onMessage(name: unknown, args: readonly unknown[]): void {
    const answer = args.at(-1);
    if (this.#closed) return;
    const withinLimit = this.#bucket.take(performance.now());
    if (this.#bucket.floodedOver) {
      this.#log.warn('socket closed: it goes on sending far above the limit');
      this.#disconnect();
      return;
    }
    // Without an acknowledgement there is nobody to tell: dropped.
    if (!isAnswer(answer)) return;
    if (!withinLimit || this.#waiting >= MAX_WAITING) {
      this.#refuse(answer, new ProductError('rate_limited'), randomUUID());
      return;
    }
    this.#waiting += 1;
    const requestId = randomUUID();
    this.#queue = this.#queue.then(() =>
      runWithRequestId(requestId, () => this.#answer(requestId, name, args.slice(0, -1), answer)),
    );
  }

  async #answer(requestId: string, name: unknown, payloads: readonly unknown[], answer: Answer): Promise<void> {
    const startedAtMs = performance.now();
    let outcome = 'ok';
    try {
      const data = await withTimeLimit(this.#run(name, payloads), MEDIA_REQUEST_TIMEOUT_MS);
      answer({ ok: true, data });
    } catch (error) {
      outcome = this.#refuse(answer, error, requestId);
    } finally {
      this.#waiting -= 1;
      this.#flush();
      const known = typeof name === 'string' && isMediaRequestName(name) ? name : 'unknown';
      const durationMs = Math.round(performance.now() - startedAtMs);
      this.#log.debug({ request: known, outcome, durationMs, peerId: this.#seat?.peer.id }, 'media request');
    }
    if (this.#joined && this.#seat?.peer.closed === true) this.#disconnect();
  }

  #run(name: unknown, payloads: readonly unknown[]): Promise<object> {
    if (typeof name !== 'string' || !isMediaRequestName(name) || payloads.length !== 1) {
      return Promise.reject(new ProductError('validation_failed'));
    }
    const request = boundRequests[name];
    if (request.phase === 'connected') {
      return this.#joined ? Promise.reject(new ProductError('already_joined')) : request.run(this, payloads[0]);
    }
    if (!this.#joined || this.#seat === undefined || this.#seat.peer.closed) {
      return Promise.reject(new ProductError('not_joined'));
    }
    return request.run(this.#seat, payloads[0]);
  }

  /** Tells the sender why not; what is not meant to be told is masked and logged. Returns the code. */
  #refuse(answer: Answer, error: unknown, requestId: string): string {
    const told = error instanceof ProductError ? error : new ProductError('internal');
    if (told !== error) this.#log.error({ err: error }, 'media request failed');
    else if (told.cause !== undefined) this.#log.debug({ err: told.cause }, 'media request refused');
    answer({ ok: false, error: told.toFailure(requestId) });
    return told.code;
  }

  #attach(seat: Seat): void {
    this.#seat = seat;
    this.#held = [];
    seat.peer.on('signal', this.#onSignal);
    seat.peer.on('closed', this.#onPeerClosed);
  }

  #release(): void {
    this.#seat?.peer.off('signal', this.#onSignal);
    this.#seat?.peer.off('closed', this.#onPeerClosed);
  }

  #markSeated(seat: Seat): void {
    this.#joined = true;
    clearTimeout(this.#joinLimit);
    this.emit('seated', seat.peer.id);
  }

  readonly #onSignal = (signal: PeerSignal): void => {
    if (this.#held !== undefined) this.#held.push(signal);
    else this.#socket.emit(signal.name, signal.payload);
  };

  /** After an own `leave` the answer comes first, then the end; any other end is told. */
  readonly #onPeerClosed = (reason: LeaveReason): void => {
    if (reason === 'left') return;
    this.#flush();
    this.#socket.emit('removed', { reason });
    this.#disconnect();
  };

  #flush(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const signal of held) this.#socket.emit(signal.name, signal.payload);
  }

  #onNeverJoined(): void {
    this.#log.debug('socket closed: it did not join in time');
    this.#disconnect();
  }

  #disconnect(): void {
    this.#socket.disconnect(true);
  }

  #onDisconnected(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#joinLimit);
    this.#release();
    this.#seat?.peer.detach();
    this.emit('closed');
    this.removeAllListeners();
  }
}
