import { z } from 'zod';

/** Shortest and longest password that can be chosen (NIST SP 800-63B, 3.1.1.2). */
export const PASSWORD_MIN_LENGTH = 12;
export const PASSWORD_MAX_LENGTH = 128;

/**
 * Most UTF-16 units that are looked at: the longest password takes several for each of its characters, and nothing longer
 * is worth normalizing or hashing (OWASP).
 */
const MOST_UNITS = 8 * PASSWORD_MAX_LENGTH;

/** Characters (code points) of a password in the form in which it is hashed: an emoji counts once. */
export function passwordLength(password: string): number {
  return Array.from(password.normalize('NFKC')).length;
}

const tooLong = { error: `Use at most ${PASSWORD_MAX_LENGTH} characters` };

/** A password that somebody gives to prove who they are. */
export const givenPasswordSchema = z.string().min(1).max(MOST_UNITS, tooLong);

/**
 * A password that somebody chooses: 12 to 128 characters of any kind, spaces and every script included, no rules of
 * composition. The commonest ones are refused by the server (`password_common`).
 */
export const newPasswordSchema = z
  .string()
  .max(MOST_UNITS, { ...tooLong, abort: true })
  .refine((password) => passwordLength(password) >= PASSWORD_MIN_LENGTH, {
    error: `Use at least ${PASSWORD_MIN_LENGTH} characters`,
  })
  .refine((password) => passwordLength(password) <= PASSWORD_MAX_LENGTH, tooLong);
