import { ProductError } from '@health-connect/contract';
import type { Asker } from '../policy/policy.ts';
import { RateLimit, type Bucket } from '../database/rate-limit.ts';
import { throttledNetwork } from '../http/network.ts';
import { currentNetwork } from '../logging/request-context.ts';

/**
 * Buckets of readings of a week of slots. One address may be a whole clinic: 200 people who each look through a dozen
 * weeks in the same minute, or whose open pages read a popular doctor's week again with each of a dozen bookings.
 */
export const SLOT_LIMITS = {
  network: { name: 'slots:network', burst: 3000, windowSeconds: 60, refillSeconds: 1 },
  account: { name: 'slots:account', burst: 600, windowSeconds: 60, refillSeconds: 1 },
} as const satisfies Record<string, Bucket>;

/**
 * Bounds how often weeks of slots are reckoned, for visitors by their network and for who is signed in by their account.
 * Each api process counts for itself, in memory: it is about what one has to bear, and asking must stay cheap.
 */
export class SlotThrottle {
  readonly #network: RateLimit;
  readonly #account: RateLimit;

  private constructor(limits: { readonly network: Bucket; readonly account: Bucket }) {
    this.#network = RateLimit.inMemory(limits.network);
    this.#account = RateLimit.inMemory(limits.account);
  }

  static create(limits: { readonly network: Bucket; readonly account: Bucket } = SLOT_LIMITS): SlotThrottle {
    return new SlotThrottle(limits);
  }

  /** Counts the request that is being handled. @throws ProductError `rate_limited` */
  async pass(viewer: Pick<Asker, 'accountId'> | undefined): Promise<void> {
    const allowance = await (viewer === undefined
      ? this.#network.take(throttledNetwork(currentNetwork()) ?? 'unknown')
      : this.#account.take(viewer.accountId));
    if (!allowance.allowed) {
      throw new ProductError('rate_limited', { retryAfterSeconds: allowance.retryAfterSeconds });
    }
  }
}
