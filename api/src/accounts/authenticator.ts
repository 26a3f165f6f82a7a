import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { AuthenticatorSetup } from '@health-connect/contract';
import { generateSecret, generateURI, verify } from 'otplib';
import { seal, unseal } from '../queue/seal.ts';

const ISSUER = 'Health Connect';
/** A code is good for its 30 s and, for clocks that are off and slow fingers, for those before and after. */
const TOLERANCE_SECONDS = 30;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;
const KEY_BYTES = 32;
/** Base32 (RFC 4648) in lower case: no 0, 1, 8 that look like letters. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

const derived = (key: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES));

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((group) => ALPHABET.charAt(Number.parseInt(group, 2))).join('');
}

/** Codes of authenticators (TOTP, RFC 6238) and of recovery; holds the key that the database does not. */
export class Authenticator {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param key 32 bytes */
  static create(key: Buffer): Authenticator {
    return new Authenticator(key);
  }

  /** A new secret, as its owner sees it once and as it is stored. */
  setUp(accountId: string, email: string): { readonly setup: AuthenticatorSetup; readonly sealedSecret: string } {
    const secret = generateSecret();
    const uri = generateURI({ issuer: ISSUER, label: email, secret });
    return { setup: { secret, uri }, sealedSecret: seal(secret, this.#sealKey(accountId)).toString('base64url') };
  }

  /** @returns the time step to which the code belongs, `undefined` when it is not right */
  async timeStepOf(
    accountId: string,
    sealedSecret: string,
    { code, nowMs }: { readonly code: string; readonly nowMs: number },
  ): Promise<number | undefined> {
    const secret = unseal(Buffer.from(sealedSecret, 'base64url'), this.#sealKey(accountId));
    const epoch = Math.floor(nowMs / 1000);
    const result = await verify({ secret, token: code, epoch, epochTolerance: TOLERANCE_SECONDS });
    return result.valid && 'timeStep' in result ? result.timeStep : undefined;
  }

  /** Ten codes of 80 random bits: `abcd-efgh-ijkl-mnop`. */
  newRecoveryCodes(): string[] {
    return Array.from(
      { length: RECOVERY_CODES },
      () => base32(randomBytes(RECOVERY_BYTES)).match(/.{4}/g)?.join('-') ?? '',
    );
  }

  /** Stored form of a recovery code, with or without dashes. Random enough for a fast hash, and keyed besides. */
  recoveryHash(accountId: string, code: string): string {
    const text = `${accountId}:${code.replaceAll('-', '')}`;
    return createHmac('sha256', derived(this.#key, 'recovery codes')).update(text).digest('base64url');
  }

  /** Another one for each account: a secret that is moved to another account opens nothing. */
  #sealKey(accountId: string): Buffer {
    return derived(this.#key, `authenticator of ${accountId}`);
  }
}
