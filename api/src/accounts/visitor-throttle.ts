import { ProductError } from '@health-connect/contract';
import type { Connection } from '../database/database.ts';
import { RateLimit, type Bucket } from '../database/rate-limit.ts';
import { throttledNetwork } from '../http/network.ts';
import { currentNetwork } from '../logging/request-context.ts';

/** One network may be a whole hospital; beyond its burst, one request in ten seconds goes through. */
const LIMIT: Bucket = { name: 'visitor:network', burst: 300, windowSeconds: 60 * 60, refillSeconds: 10 };

/** Bounds what visitors without an account can make the server do: hash passwords, write mails, look up links. */
export class VisitorThrottle {
  readonly #limit: RateLimit;

  private constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  static create(connection: Connection, limit: Bucket = LIMIT): VisitorThrottle {
    return new VisitorThrottle(RateLimit.create(connection, limit));
  }

  /** Counts the request that is being handled. @throws ProductError `rate_limited` */
  async pass(): Promise<void> {
    const allowance = await this.#limit.take(throttledNetwork(currentNetwork()) ?? 'unknown');
    if (!allowance.allowed) {
      throw new ProductError('rate_limited', { retryAfterSeconds: allowance.retryAfterSeconds });
    }
  }
}
