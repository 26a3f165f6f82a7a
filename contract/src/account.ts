import { z } from 'zod';
import { documentIdSchema } from './ids.ts';

/** What an account may be. One e-mail address is one account across all roles (R21). */
export const ROLES = ['patient', 'doctor', 'staff', 'administrator'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** An e-mail address in its canonical form: trimmed and lower-cased. */
export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** The signed-in account as its owner sees it. Never holds a secret (R33). */
export const accountSchema = z.object({
  id: documentIdSchema,
  role: roleSchema,
  name: z.string().min(1).max(120),
  email: z.string().max(254),
});
export type Account = z.infer<typeof accountSchema>;

/** Sign-in name and password. The upper bound keeps hashing cheap to refuse (OWASP). */
export const credentialsSchema = z.strictObject({ email: emailSchema, password: z.string().min(1).max(128) });
export type Credentials = z.infer<typeof credentialsSchema>;

/** One line of the generated demonstration accounts (`.data/demo-accounts.json`). */
export const demoAccountSchema = z.object({
  role: roleSchema,
  name: z.string(),
  email: z.string(),
  password: z.string(),
});
export type DemoAccount = z.infer<typeof demoAccountSchema>;
