import { createHash } from 'node:crypto';
import { ProductError } from '@health-connect/contract';
import type { Connection } from '../database/database.ts';
import { RateLimit, type Bucket } from '../database/rate-limit.ts';

const MINUTE_SECONDS = 60;

/** Buckets of attempts; tests make them smaller. */
export interface ThrottleLimits {
  /** One account from one network: what a guesser runs into first. */
  readonly accountAndNetwork: Bucket;
  /** All accounts from one network, which may be a whole hospital. */
  readonly network: Bucket;
  /** One account from all browsers that are not known as its own, however many networks they are in. */
  readonly account: Bucket;
  /** One account from one browser in which its owner has signed in before: apart from everybody else's attempts. */
  readonly knownDevice: Bucket;
  /** Codes of a second factor, and passwords that are asked for again, of one account. */
  readonly confirmation: Bucket;
}

const windowSeconds = 15 * MINUTE_SECONDS;
export const SIGN_IN_LIMITS: ThrottleLimits = {
  accountAndNetwork: { name: 'signin:pair', burst: 10, windowSeconds, refillSeconds: 30 },
  network: { name: 'signin:network', burst: 300, windowSeconds, refillSeconds: 2 },
  account: {
    name: 'signin:account',
    burst: 40,
    windowSeconds: 60 * MINUTE_SECONDS,
    refillSeconds: MINUTE_SECONDS,
  },
  knownDevice: { name: 'signin:device', burst: 10, windowSeconds, refillSeconds: 30 },
  confirmation: { name: 'confirm', burst: 8, windowSeconds, refillSeconds: MINUTE_SECONDS },
};

/** An attempt that was let through. */
export interface Attempt {
  /** It was a good one: it no longer counts. */
  succeeded(): Promise<void>;
}

/** Addresses are not kept in the clear where attempts on unknown accounts are counted, too. */
const nameOf = (email: string): string => createHash('sha256').update(email).digest('base64url');

function refuse(retryAfterSeconds: number): never {
  throw new ProductError('rate_limited', { retryAfterSeconds });
}

/**
 * Bounds guessing without ever locking anybody out for good (A6): a bucket that is empty fills again by itself, and
 * what others do elsewhere does not touch browsers in which the owner has signed in before (`KnownDevices`). Known and
 * unknown addresses are counted alike.
 */
export class SignInThrottle {
  readonly #pair: RateLimit;
  readonly #network: RateLimit;
  readonly #account: RateLimit;
  readonly #knownDevice: RateLimit;
  readonly #confirmation: RateLimit;

  private constructor(connection: Connection, limits: ThrottleLimits) {
    this.#pair = RateLimit.create(connection, limits.accountAndNetwork);
    this.#network = RateLimit.create(connection, limits.network);
    this.#account = RateLimit.create(connection, limits.account);
    this.#knownDevice = RateLimit.create(connection, limits.knownDevice);
    this.#confirmation = RateLimit.create(connection, limits.confirmation);
  }

  static create(connection: Connection, limits: ThrottleLimits = SIGN_IN_LIMITS): SignInThrottle {
    return new SignInThrottle(connection, limits);
  }

  /**
   * An attempt to sign in. Asked before the password is looked at.
   * @param network as `throttledNetwork` names it; requests without an address share one
   * @param device name of the browser, when it is known as this account's
   * @throws ProductError `rate_limited` with the time after which it may be tried again
   */
  async signIn(email: string, network = 'unknown', device?: string): Promise<Attempt> {
    const account = nameOf(email);
    if (device !== undefined) {
      const own = `${account}|${device}`;
      if ((await this.#knownDevice.take(own)).allowed) return { succeeded: () => this.#knownDevice.clear(own) };
      // Too many from there: it counts as a stranger's.
    }
    const pair = `${account}|${network}`;
    const byPair = await this.#pair.take(pair);
    if (!byPair.allowed) refuse(byPair.retryAfterSeconds);
    const byNetwork = await this.#network.take(network);
    if (!byNetwork.allowed) refuse(byNetwork.retryAfterSeconds);
    const byAccount = await this.#account.take(account);
    if (!byAccount.allowed) refuse(byAccount.retryAfterSeconds);
    return {
      succeeded: async () => {
        await Promise.all([this.#pair.clear(pair), this.#network.giveBack(network), this.#account.giveBack(account)]);
      },
    };
  }

  /**
   * A code, or a password that is asked for again.
   * @param accountId whose, or another name for what is counted together
   * @throws ProductError `rate_limited`
   */
  async confirmation(accountId: string): Promise<Attempt> {
    const allowance = await this.#confirmation.take(accountId);
    if (!allowance.allowed) refuse(allowance.retryAfterSeconds);
    return { succeeded: () => this.#confirmation.clear(accountId) };
  }
}
