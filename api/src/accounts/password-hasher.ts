import { randomBytes } from 'node:crypto';
import { needsRehash } from 'argon2';
import { HASHING_PARAMETERS } from './hashing-job.ts';
import { HashingProcess } from './hashing-process.ts';
import { Turnstile } from './turnstile.ts';

/** How many may wait for their turn; about 4 s of work and rest on two cores. */
const DEFAULT_QUEUE_LIMIT = 64;

/** The same password typed on different systems is the same text (NIST SP 800-63B, 3.1.1.2). */
const canonical = (password: string): string => password.normalize('NFKC');

/**
 * Hashes and checks passwords, at most so many at once and with rests, beside the server instead of in it: however
 * many sign in, calls and the database find a core (A7).
 */
export class PasswordHasher {
  readonly #process: HashingProcess;
  readonly #turnstile: Turnstile;
  /** Of a password that nobody has. */
  readonly #dummyHash: string;

  private constructor(process: HashingProcess, turnstile: Turnstile, dummyHash: string) {
    this.#process = process;
    this.#turnstile = turnstile;
    this.#dummyHash = dummyHash;
  }

  /** @param concurrency how many at once; more than there are cores would only make each of them slower */
  static async create(concurrency: number, queueLimit = DEFAULT_QUEUE_LIMIT): Promise<PasswordHasher> {
    const process = HashingProcess.create();
    const dummyHash = String(await process.hash(randomBytes(32).toString('hex')));
    return new PasswordHasher(process, Turnstile.create(concurrency, queueLimit, { rests: true }), dummyHash);
  }

  /** @throws ProductError `unavailable` when too many are waiting */
  async hash(password: string): Promise<string> {
    const made = await this.#turnstile.pass(() => this.#process.hash(canonical(password)));
    return String(made);
  }

  /**
   * Whether the password belongs to the hash. Without a hash (unknown address) it works as long and says no, so that
   * the time of an answer does not tell which addresses have an account.
   * @throws ProductError `unavailable` when too many are waiting
   */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const against = passwordHash ?? this.#dummyHash;
    const matches = await this.#turnstile.pass(() => this.#process.verify(against, canonical(password)));
    return matches === true && passwordHash !== undefined;
  }

  /** Whether a hash was made with other parameters than today's: it is renewed when its password is there. */
  isOutdated(passwordHash: string): boolean {
    return needsRehash(passwordHash, HASHING_PARAMETERS);
  }

  close(): void {
    this.#process.close();
  }
}
