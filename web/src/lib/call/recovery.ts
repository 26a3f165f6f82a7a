import { Emitter, type Unsubscribe } from '../emitter.ts';
import { KeyedTimers } from '../keyed-timers.ts';
import type { Direction } from './room-connection.ts';

/** What a lost connection touches: only signalling (sound and picture go on), or the media themselves. */
export interface Trouble {
  readonly kind: 'none' | 'signalling' | 'media';
  /** When it began, in ms since the epoch; 0 without trouble. */
  readonly sinceMs: number;
  /** The attempts have ended: the person may press "Try again". */
  readonly gaveUp: boolean;
}

export const NO_TROUBLE: Trouble = { kind: 'none', sinceMs: 0, gaveUp: false };

/** A `disconnected` path often heals by itself within this time. */
export const HEAL_TIMEOUT_MS = 1_500;
/** How long an ICE restart may take before the next step. */
export const RESTART_TIMEOUT_MS = 6_000;
/** ICE restarts per direction before a full rejoin. */
export const MAX_RESTARTS = 2;
/** After so long we say that we could not bring the person back. */
export const GIVE_UP_TIMEOUT_MS = 60_000;
/** Waits before the attempts of a rejoin; the last one repeats. */
export const REJOIN_DELAYS_MS = [0, 1_000, 2_000, 4_000, 8_000] as const;

/** What recovery can have done; it decides when. */
export interface RecoveryActions {
  /** Rejects when the restart was refused or not answered. */
  restartIce(direction: Direction): Promise<void>;
  /** Enters the room anew with the same devices. `over` when the call is closed to us; rejects when it may be tried again. */
  rejoin(): Promise<'joined' | 'over'>;
}

type Part = 'signalling' | Direction;
type Events = { changed: Trouble };

/**
 * Brings a call back, cheapest step first: wait for the path to heal, restart ICE, join anew. Every step has a time
 * limit and a next step; after a minute the person decides.
 */
export class Recovery {
  readonly #actions: RecoveryActions;
  readonly #events = new Emitter<Events>();
  readonly #troubled = new Set<Part>();
  readonly #restarts: Record<Direction, number> = { send: 0, receive: 0 };
  readonly #timers = KeyedTimers.create<Direction | 'giveUp' | 'rejoin'>();
  #sinceMs = 0;
  #gaveUp = false;
  #rejoining = false;
  /** Raised with each attempt of a rejoin: what becomes of an older one no longer counts. */
  #attempt = 0;
  #closed = false;

  private constructor(actions: RecoveryActions) {
    this.#actions = actions;
  }

  static create(actions: RecoveryActions): Recovery {
    return new Recovery(actions);
  }

  on<N extends keyof Events>(name: N, listener: (payload: Events[N]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  get trouble(): Trouble {
    if (this.#troubled.size === 0 && !this.#rejoining) return NO_TROUBLE;
    const media = this.#rejoining || this.#troubled.has('send') || this.#troubled.has('receive');
    return { kind: media ? 'media' : 'signalling', sinceMs: this.#sinceMs, gaveUp: this.#gaveUp };
  }

  /** @param final the socket will not come back by itself, or the node no longer knows us */
  signallingLost(final: boolean): void {
    this.#begin('signalling');
    if (final) this.#startRejoin();
  }

  /** The place was taken again. */
  signallingBack(): void {
    this.#end('signalling');
    for (const direction of ['send', 'receive'] as const) {
      if (this.#troubled.has(direction)) this.#restart(direction);
    }
  }

  transportState(direction: Direction, state: string): void {
    if (state === 'connected') {
      this.#end(direction);
      return;
    }
    if (state === 'failed') {
      this.#begin(direction);
      this.#restart(direction);
    } else if (state === 'disconnected' && !this.#troubled.has(direction)) {
      this.#begin(direction);
      this.#after(direction, HEAL_TIMEOUT_MS, () => this.#restart(direction));
    }
  }

  /** The person pressed "Try again". */
  retry(): void {
    if (this.#closed || !this.#gaveUp) return;
    this.#gaveUp = false;
    this.#sinceMs = Date.now();
    this.#limit();
    this.#startRejoin();
  }

  close(): void {
    this.#closed = true;
    this.#timers.cancelAll();
    this.#events.clear();
  }

  #begin(part: Part): void {
    if (this.#closed) return;
    if (this.#troubled.size === 0 && !this.#rejoining) {
      this.#sinceMs = Date.now();
      this.#limit();
    }
    this.#troubled.add(part);
    this.#changed();
  }

  #end(part: Part): void {
    if (part !== 'signalling') {
      this.#restarts[part] = 0;
      this.#timers.cancel(part);
    }
    if (!this.#troubled.delete(part)) return;
    if (this.#troubled.size === 0 && !this.#rejoining) this.#timers.cancel('giveUp');
    this.#changed();
  }

  #restart(direction: Direction): void {
    if (this.#closed || this.#rejoining || this.#gaveUp || !this.#troubled.has(direction)) return;
    // Without signalling nobody can be asked: `signallingBack` comes here again.
    if (this.#troubled.has('signalling')) return;
    if (this.#restarts[direction] >= MAX_RESTARTS) {
      this.#startRejoin();
      return;
    }
    this.#restarts[direction] += 1;
    this.#after(direction, RESTART_TIMEOUT_MS, () => this.#restart(direction));
    // A refused restart is followed by the next step when its time is over.
    this.#actions.restartIce(direction).catch(() => undefined);
  }

  #startRejoin(): void {
    if (this.#closed || this.#rejoining || this.#gaveUp) return;
    this.#rejoining = true;
    for (const direction of ['send', 'receive'] as const) this.#timers.cancel(direction);
    this.#changed();
    this.#scheduleRejoin(0);
  }

  #scheduleRejoin(failures: number): void {
    const delayMs = REJOIN_DELAYS_MS[Math.min(failures, REJOIN_DELAYS_MS.length - 1)] ?? 0;
    const attempt = (this.#attempt += 1);
    this.#after('rejoin', delayMs, () => {
      this.#actions.rejoin().then(
        (result) => {
          if (attempt !== this.#attempt) return;
          if (result === 'over') this.close();
          else this.#rejoined();
        },
        () => {
          if (attempt === this.#attempt && this.#rejoining && !this.#closed) this.#scheduleRejoin(failures + 1);
        },
      );
    });
  }

  #rejoined(): void {
    if (this.#closed) return;
    this.#rejoining = false;
    this.#gaveUp = false;
    this.#troubled.clear();
    this.#restarts.send = 0;
    this.#restarts.receive = 0;
    this.#timers.cancel('giveUp');
    this.#changed();
  }

  #limit(): void {
    this.#after('giveUp', GIVE_UP_TIMEOUT_MS, () => {
      this.#gaveUp = true;
      this.#rejoining = false;
      this.#timers.cancel('rejoin');
      // Nothing is left to heal once the attempts end: what remains is the person's decision.
      this.#troubled.add('receive');
      this.#changed();
    });
  }

  #after(name: Direction | 'giveUp' | 'rejoin', delayMs: number, act: () => void): void {
    if (!this.#closed) this.#timers.start(name, delayMs, act);
  }

  #changed(): void {
    this.#events.emit('changed', this.trouble);
  }
}
