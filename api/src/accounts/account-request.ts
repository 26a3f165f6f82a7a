import { emailSchema, personNameSchema } from '@health-connect/contract';
import { z } from 'zod';

const email = emailSchema;

/**
 * What a visitor asked for an e-mail address. It is written down without a look at the accounts and handled after the
 * answer, so that neither the answer nor its time tells which addresses are known.
 */
export const accountRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sign-up-patient'),
    email,
    name: personNameSchema,
    passwordHash: z.string(),
    dateOfBirth: z.string(),
  }),
  z.strictObject({
    kind: z.literal('sign-up-doctor'),
    email,
    name: personNameSchema,
    passwordHash: z.string(),
    specialization: z.string(),
  }),
  z.strictObject({ kind: z.literal('resend'), email }),
  z.strictObject({ kind: z.literal('forgot'), email }),
]);
export type AccountRequest = z.infer<typeof accountRequestSchema>;
export type SignUpRequest = Extract<AccountRequest, { readonly passwordHash: string }>;
