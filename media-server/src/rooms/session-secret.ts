import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** What a peer shows to take its place again after a lost connection. Only a digest is kept. */
export class SessionSecret {
  readonly #digest: Buffer;

  private constructor(value: string) {
    this.#digest = digest(value);
  }

  /** Makes a secret; `value` is given to the peer once. */
  static create(): { secret: SessionSecret; value: string } {
    const value = randomBytes(SECRET_BYTES).toString('base64url');
    return { secret: new SessionSecret(value), value };
  }

  /** Compares in constant time. */
  matches(candidate: string): boolean {
    return timingSafeEqual(this.#digest, digest(candidate));
  }
}
