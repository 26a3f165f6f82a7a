import { z } from 'zod';
import { access } from '../access.ts';
import { emailSchema, personNameSchema } from '../account.ts';
import { givenPasswordSchema, newPasswordSchema } from '../password.ts';
import { birthDateSchema } from '../profile.ts';
import { line } from '../text.ts';
import { defineEndpoint } from './endpoint.ts';
import { linkTokenSchema } from './pages.ts';

const person = { name: personNameSchema, email: emailSchema, password: newPasswordSchema };

/** What a person gives to sign up. Which further fields there are depends on `role`. */
export const signUpSchema = z.strictObject({
  ...person,
  role: z.enum(['patient', 'doctor']),
  /** Patients: birthday, `YYYY-MM-DD`. */
  dateOfBirth: birthDateSchema.exactOptional(),
  /** Doctors: field of work. */
  specialization: line(120).min(1).exactOptional(),
});
export type SignUp = z.infer<typeof signUpSchema>;

const signUpBodySchema = signUpSchema.superRefine((value, context) => {
  const [needed, foreign] =
    value.role === 'patient'
      ? (['dateOfBirth', 'specialization'] as const)
      : (['specialization', 'dateOfBirth'] as const);
  if (value[needed] === undefined) context.addIssue({ code: 'custom', path: [needed], message: 'This is missing' });
  if (value[foreign] !== undefined) context.addIssue({ code: 'custom', path: [foreign], message: 'Unknown field' });
});

/** An answer that is the same whether or not the address belongs to an account. */
const acceptedSchema = z.object({});

/** Sign-up and confirmation of the e-mail address (R46). */
export const signUpEndpoints = {
  signUp: defineEndpoint({
    method: 'POST',
    path: '/api/auth/signup',
    summary:
      'Sign up as a patient or a doctor; the same answer for known and unknown addresses, the rest comes by mail',
    access: access.public,
    body: signUpBodySchema,
    response: acceptedSchema,
    status: 202,
    errors: ['password_common', 'rate_limited'],
  }),
  confirmEmail: defineEndpoint({
    method: 'POST',
    path: '/api/auth/email/confirm',
    summary:
      'Confirm the e-mail address by the token of the mail and the password of the sign-up; once, within 24 hours. Tells the address, to sign in with',
    access: access.public,
    body: z.strictObject({ token: linkTokenSchema, password: givenPasswordSchema }),
    response: z.object({ status: z.enum(['pending', 'active']), email: emailSchema }),
    status: 200,
    errors: ['link_expired', 'password_wrong', 'rate_limited'],
  }),
  resendConfirmation: defineEndpoint({
    method: 'POST',
    path: '/api/auth/email/resend',
    summary: 'Send the confirmation again; the same answer for every address',
    access: access.public,
    body: z.strictObject({ email: emailSchema }),
    response: acceptedSchema,
    status: 202,
    errors: ['rate_limited'],
  }),
} as const;

/** A forgotten password. */
export const recoveryEndpoints = {
  forgot: defineEndpoint({
    method: 'POST',
    path: '/api/auth/password/forgot',
    summary: 'Ask for a link that sets a new password; the same answer for every address',
    access: access.public,
    body: z.strictObject({ email: emailSchema }),
    response: acceptedSchema,
    status: 202,
    errors: ['rate_limited'],
  }),
  reset: defineEndpoint({
    method: 'POST',
    path: '/api/auth/password/reset',
    summary: 'Set a new password by the token of the mail; once, within 30 minutes; ends every session of the account',
    access: access.public,
    body: z.strictObject({ token: linkTokenSchema, password: newPasswordSchema }),
    response: z.object({}),
    status: 200,
    errors: ['link_expired', 'password_common', 'rate_limited'],
  }),
} as const;
