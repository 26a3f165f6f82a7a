import { ProductError } from '@health-connect/contract';

const LOCK = 'hc.session.refresh';
const RENEWED_KEY = 'hc.session.renewed';
/** Another tab that was put to sleep must not keep this one out for ever. */
const LOCK_TIMEOUT_MS = 20_000;

interface RefreshOptions {
  /** Asks the server for new cookies. */
  readonly send: () => Promise<unknown>;
  /** Locks of the browser; there are none outside a secure context. */
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  readonly storage?: Pick<Storage, 'getItem' | 'setItem'>;
  readonly now?: () => number;
}

/**
 * Renews the short session cookie by the long one. However many requests find it ended, in however many tabs, the
 * server is asked once: a refresh token that is shown twice looks stolen.
 */
export class SessionRefresh {
  readonly #send: () => Promise<unknown>;
  readonly #locks: Pick<LockManager, 'request'> | undefined;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly #now: () => number;
  #running: Promise<boolean> | undefined;

  private constructor(options: RefreshOptions) {
    this.#send = options.send;
    this.#locks = options.locks;
    this.#storage = options.storage ?? localStorage;
    this.#now = options.now ?? Date.now;
  }

  static create(options: RefreshOptions): SessionRefresh {
    return new SessionRefresh(options);
  }

  /** True when there is a fresh session, false when the sign-in has ended. Throws when there is no answer. */
  run(): Promise<boolean> {
    this.#running ??= this.#alone().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #alone(): Promise<boolean> {
    const askedAt = this.#now();
    if (this.#locks === undefined) return this.#renew(askedAt);
    const lock = { held: false };
    try {
      return await this.#locks.request(LOCK, { signal: AbortSignal.timeout(LOCK_TIMEOUT_MS) }, () => {
        lock.held = true;
        return this.#renew(askedAt);
      });
    } catch (error) {
      if (lock.held) throw error;
      return this.#renew(askedAt);
    }
  }

  async #renew(askedAt: number): Promise<boolean> {
    // Another tab was faster while this one waited for the lock.
    if (Number(this.#storage.getItem(RENEWED_KEY) ?? 0) > askedAt) return true;
    try {
      await this.#send();
    } catch (error) {
      if (!(error instanceof ProductError)) throw error;
      if (error.code === 'unauthenticated') return false;
      // Another tab without our lock was faster: its cookies are ours too.
      if (error.code !== 'conflict') throw error;
    }
    this.#storage.setItem(RENEWED_KEY, String(this.#now()));
    return true;
  }
}
