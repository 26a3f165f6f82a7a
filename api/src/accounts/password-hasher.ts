import { randomBytes } from 'node:crypto';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import { ProductError } from '@health-connect/contract';

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane (R32). */
const PARAMETERS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** How many may wait for their turn; about 2 s of work on two cores. */
const DEFAULT_QUEUE_LIMIT = 64;
const BUSY_RETRY_SECONDS = 5;

/** The same password typed on different systems is the same text (NIST SP 800-63B, 3.1.1.2). */
const canonical = (password: string): string => password.normalize('NFKC');

/**
 * Hashes and checks passwords, at most so many at once, so that a flood of sign-ins cannot take the machine away
 * from everybody else (A7).
 */
export class PasswordHasher {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #dummyHash: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  private constructor(concurrency: number, queueLimit: number, dummyHash: string) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
    this.#dummyHash = dummyHash;
  }

  static async create(concurrency: number, queueLimit = DEFAULT_QUEUE_LIMIT): Promise<PasswordHasher> {
    const dummyHash = await hash(randomBytes(32), PARAMETERS);
    return new PasswordHasher(concurrency, queueLimit, dummyHash);
  }

  /** @throws ProductError `unavailable` when too many are waiting */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(canonical(password), PARAMETERS));
  }

  /**
   * Whether the password belongs to the hash. Without a hash (unknown address) it works as long and says no, so that
   * the time of an answer does not tell which addresses have an account.
   * @throws ProductError `unavailable` when too many are waiting
   */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const matches = await this.#inTurn(() => verify(passwordHash ?? this.#dummyHash, canonical(password)));
    return matches && passwordHash !== undefined;
  }

  /** Whether a hash was made with other parameters than today's: it is renewed when its password is there. */
  isOutdated(passwordHash: string): boolean {
    return needsRehash(passwordHash, PARAMETERS);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#queueLimit)
      throw new ProductError('unavailable', { retryAfterSeconds: BUSY_RETRY_SECONDS });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push(() => resolve(undefined));
    await promise;
  }
}
