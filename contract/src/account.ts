import { z } from 'zod';
import { documentIdSchema } from './ids.ts';
import { givenPasswordSchema } from './password.ts';
import { withoutDirections } from './text.ts';

/** What an account may be. One e-mail address is one account across all roles (R21). */
export const ROLES = ['patient', 'doctor', 'staff', 'administrator'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** An e-mail address in its canonical form: trimmed and lower-cased, without signs of direction that come with a copy. */
export const emailSchema = z.string().overwrite(withoutDirections).trim().toLowerCase().max(254).pipe(z.email());

/**
 * What an account may do.
 * - `unconfirmed`: the e-mail address is not confirmed yet; cannot sign in
 * - `pending`: a doctor whom no administrator has approved yet; signs in, is not listed and sees no patient
 * - `active`: everything that its role may
 * - `disabled`: closed by an administrator; cannot sign in
 */
export const ACCOUNT_STATUSES = ['unconfirmed', 'pending', 'active', 'disabled'] as const;
export const accountStatusSchema = z.enum(ACCOUNT_STATUSES);
export type AccountStatus = z.infer<typeof accountStatusSchema>;

/** A person's name as people type it: one line, which leaves the order of the words around it alone. */
export const personNameSchema = z
  .string()
  .overwrite(withoutDirections)
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, { error: 'A name is one line of text' });

/** The signed-in account as its owner sees it. Never holds a secret (R33). */
export const accountSchema = z.object({
  id: documentIdSchema,
  role: roleSchema,
  name: z.string().min(1).max(120),
  email: z.string().max(254),
  status: accountStatusSchema,
  /** Its picture, see `AVATAR_PATH`. */
  avatarId: documentIdSchema.nullable(),
  /**
   * The zone of the browser that was last used; mails to patients tell times in it, too. Not checked where it is read:
   * an older browser need not know a zone that a newer one has told.
   */
  timeZone: z.string().max(64).nullable(),
});
export type Account = z.infer<typeof accountSchema>;

/** Sign-in name and password. */
export const credentialsSchema = z.strictObject({ email: emailSchema, password: givenPasswordSchema });
export type Credentials = z.infer<typeof credentialsSchema>;

export { newPasswordSchema } from './password.ts';

/** One line of the generated demonstration accounts (`.data/demo-accounts.json`). */
export const demoAccountSchema = z.object({
  role: roleSchema,
  name: z.string(),
  email: z.string(),
  password: z.string(),
});
export type DemoAccount = z.infer<typeof demoAccountSchema>;
