import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const NONCE_BYTES = 16;
/** A family's computer; who signs in after them displaces who has not signed in there for longest. */
const MAX_PEOPLE = 4;
const SEPARATOR = '.';
const MARK = /^([\w-]{22})([\w-]{43})$/;

const macOf = (key: Buffer, email: string, nonce: string): Buffer =>
  createHmac('sha256', key).update(`known-device:${nonce}:${email}`).digest();

/**
 * Browsers in which somebody has signed in before (OWASP, device cookies). A browser keeps a mark of ours for each of
 * the last few people; it says nothing about them to anybody else, opens nothing, and stays after the sign-out. Whoever
 * brings one has attempts of their own, however many others guess at the same account meanwhile.
 */
export class KnownDevices {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  static create(key: Buffer): KnownDevices {
    return new KnownDevices(key);
  }

  /**
   * @param marks as the browser brought them
   * @returns a name for this browser as this account's, `undefined` when it has not signed in there
   */
  find(marks: string | undefined, email: string): string | undefined {
    return this.#read(marks).find(({ nonce, mac }) => this.#isOf(email, nonce, mac))?.nonce;
  }

  /** The marks of a browser in which this account has just proved itself: its own first. */
  remember(marks: string | undefined, email: string): string {
    const all = this.#read(marks);
    const own = all.find(({ nonce, mac }) => this.#isOf(email, nonce, mac)) ?? this.#newMark(email);
    const others = all.filter(({ nonce }) => nonce !== own.nonce);
    return [own, ...others]
      .slice(0, MAX_PEOPLE)
      .map(({ nonce, mac }) => `${nonce}${mac}`)
      .join(SEPARATOR);
  }

  #read(marks: string | undefined): { readonly nonce: string; readonly mac: string }[] {
    const parts = (marks ?? '').split(SEPARATOR, MAX_PEOPLE);
    return parts.flatMap((part) => {
      const [, nonce, mac] = MARK.exec(part) ?? [];
      return nonce === undefined || mac === undefined ? [] : [{ nonce, mac }];
    });
  }

  #newMark(email: string): { readonly nonce: string; readonly mac: string } {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return { nonce, mac: macOf(this.#key, email, nonce).toString('base64url') };
  }

  #isOf(email: string, nonce: string, mac: string): boolean {
    const expected = macOf(this.#key, email, nonce);
    const given = Buffer.from(mac, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
