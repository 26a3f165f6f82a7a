import { Schema, type Connection } from 'mongoose';
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';

const COLLECTION = 'rateLimits';

interface StoredRateLimit {
  key: string;
  points: number;
  expire: Date;
}

const rateLimitSchema = new Schema<StoredRateLimit>(
  { key: { type: String, required: true }, points: { type: Number, required: true }, expire: { type: Date } },
  { collection: COLLECTION, versionKey: false },
);
rateLimitSchema.index({ key: 1 }, { unique: true });
rateLimitSchema.index({ expire: 1 }, { expireAfterSeconds: 0 });

/** A bucket of tokens: full it holds `burst`; an empty one gets a token back each `refillSeconds`. */
export interface Bucket {
  readonly name: string;
  readonly burst: number;
  /** After so long without attempts the bucket is full again. */
  readonly windowSeconds: number;
  readonly refillSeconds: number;
}

/** Whether an attempt may go on, and if not, when one may. `taken` counts the tokens of this window, with this one. */
export type Allowance = { readonly taken: number } & (
  { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number }
);

type Limiter = InstanceType<typeof RateLimiterMongo> | InstanceType<typeof RateLimiterMemory>;

interface Consumed {
  readonly allowed: boolean;
  readonly state: RateLimiterRes;
}

async function consume(limiter: Limiter, key: string): Promise<Consumed> {
  try {
    return { allowed: true, state: await limiter.consume(key) };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { allowed: false, state: refusal };
    throw refusal;
  }
}

/**
 * Counts attempts, in the database for all servers together unless it is made `inMemory`. Counted before the attempt, so
 * that many at once cannot slip through. When the database cannot be asked it throws: nothing is let through uncounted.
 */
export class RateLimit {
  readonly #burst: Limiter;
  readonly #steady: Limiter;

  private constructor(burst: Limiter, steady: Limiter) {
    this.#burst = burst;
    this.#steady = steady;
  }

  static create(connection: Connection, { name, burst, windowSeconds, refillSeconds }: Bucket): RateLimit {
    // Registered for its indexes only: the limiter writes by itself.
    connection.model<StoredRateLimit>('RateLimit', rateLimitSchema, undefined, { overwriteModels: true });
    const store = {
      storeClient: connection.getClient(),
      dbName: connection.name,
      tableName: COLLECTION,
      disableIndexesCreation: true,
    };
    return new RateLimit(
      new RateLimiterMongo({ ...store, keyPrefix: `${name}:burst`, points: burst, duration: windowSeconds }),
      new RateLimiterMongo({ ...store, keyPrefix: `${name}:steady`, points: 1, duration: refillSeconds }),
    );
  }

  /** Counts in the memory of this process: for what concerns it alone, and what asking the database would make slow. */
  static inMemory({ name, burst, windowSeconds, refillSeconds }: Bucket): RateLimit {
    return new RateLimit(
      new RateLimiterMemory({ keyPrefix: `${name}:burst`, points: burst, duration: windowSeconds }),
      new RateLimiterMemory({ keyPrefix: `${name}:steady`, points: 1, duration: refillSeconds }),
    );
  }

  /** Takes a token. */
  async take(key: string): Promise<Allowance> {
    const burst = await consume(this.#burst, key);
    const taken = burst.state.consumedPoints;
    if (burst.allowed) return { allowed: true, taken };
    const steady = await consume(this.#steady, key);
    if (steady.allowed) return { allowed: true, taken };
    const retryAfterSeconds = Math.max(1, Math.ceil(steady.state.msBeforeNext / 1000));
    return { allowed: false, taken, retryAfterSeconds };
  }

  /** Puts a token back: the attempt was a good one. */
  async giveBack(key: string): Promise<void> {
    await this.#burst.reward(key);
  }

  /** Fills the bucket. */
  async clear(key: string): Promise<void> {
    await Promise.all([this.#burst.delete(key), this.#steady.delete(key)]);
  }
}
