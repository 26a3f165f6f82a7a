import { z } from 'zod';

/** Shortest and longest password that can be chosen (NIST SP 800-63B, 3.1.1.2). */
export const PASSWORD_MIN_LENGTH = 12;
export const PASSWORD_MAX_LENGTH = 128;

/** Characters as a person counts them, in the form in which they are hashed. */
const lengthOf = (password: string): number => Array.from(password.normalize('NFKC')).length;

/**
 * A password that somebody chooses: 12 to 128 characters of any kind, spaces and every script included, no rules of
 * composition. The commonest ones are refused by the server (`password_common`).
 */
export const newPasswordSchema = z
  .string()
  // Counted in code units first: nothing that long is worth normalizing, and sign-in takes no more.
  .max(PASSWORD_MAX_LENGTH, { error: `Use at most ${PASSWORD_MAX_LENGTH} characters` })
  .refine((password) => lengthOf(password) >= PASSWORD_MIN_LENGTH, {
    error: `Use at least ${PASSWORD_MIN_LENGTH} characters`,
  });
