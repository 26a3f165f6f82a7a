import { z } from 'zod';
import { access } from '../access.ts';
import { accountSchema } from '../account.ts';
import { givenPasswordSchema } from '../password.ts';
import { defineEndpoint } from './endpoint.ts';

/** Proof of a right password, for the second step of a sign-in. */
export const signInTicketSchema = z.string().regex(/^[\w-]{43}$/);

/** Six digits of an authenticator (RFC 6238). */
export const oneTimeCodeSchema = z.string().regex(/^\d{6}$/, { error: 'Six digits' });

/** A recovery code as it was shown, in any case, with or without its dashes. */
export const recoveryCodeSchema = z
  .string()
  .max(40)
  .transform((code) => code.toLowerCase().replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[a-z2-7]{16}$/, { error: 'Sixteen letters and digits' }));

/**
 * What an authenticator needs; shown once. `uri` is for a QR code that is drawn on the device; it holds the address, in
 * which a sign may take three.
 */
export const authenticatorSetupSchema = z.object({ secret: z.string().max(64), uri: z.string().max(1000) });
export type AuthenticatorSetup = z.infer<typeof authenticatorSetupSchema>;

/** A code of the authenticator, or one of recovery where the authenticator is lost. */
const proofShape = { code: oneTimeCodeSchema.exactOptional(), recoveryCode: recoveryCodeSchema.exactOptional() };
interface Proof {
  readonly code?: string;
  readonly recoveryCode?: string;
}
const isOneProof = ({ code, recoveryCode }: Proof): boolean => (code === undefined) !== (recoveryCode === undefined);
const isAtMostOneProof = ({ code, recoveryCode }: Proof): boolean => code === undefined || recoveryCode === undefined;
const ONE_PROOF = { error: 'Give a code or a recovery code' };

const recoveryCodesSchema = z.array(z.string().max(40)).length(10);
const ticketErrors = ['ticket_invalid', 'second_factor_wrong', 'rate_limited'] as const;

/** The second factor (TOTP): the second step of a sign-in, setting it up, and giving it up. */
export const secondFactorEndpoints = {
  status: defineEndpoint({
    method: 'GET',
    path: '/api/auth/second-factor',
    summary: 'Whether the account has a second factor, and must have one',
    access: access.signedIn,
    response: z.object({ enabled: z.boolean(), required: z.boolean(), recoveryCodesLeft: z.int().min(0).max(10) }),
    status: 200,
    errors: [],
  }),
  signIn: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor',
    summary: 'Second step of a sign-in: a ticket and either a code or a recovery code; sets the session cookies',
    access: access.public,
    body: z.strictObject({ ticket: signInTicketSchema, ...proofShape }).refine(isOneProof, ONE_PROOF),
    response: z.object({ account: accountSchema }),
    status: 200,
    errors: ticketErrors,
  }),
  enrol: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor/enrolment',
    summary: 'During a sign-in that requires it: begin to set up a second factor',
    access: access.public,
    body: z.strictObject({ ticket: signInTicketSchema }),
    response: authenticatorSetupSchema,
    status: 200,
    errors: ['ticket_invalid', 'rate_limited'],
  }),
  confirmEnrolment: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor/enrolment/confirm',
    summary: 'Prove the authenticator that was set up during a sign-in; sets the session cookies',
    access: access.public,
    body: z.strictObject({ ticket: signInTicketSchema, code: oneTimeCodeSchema }),
    response: z.object({ account: accountSchema, recoveryCodes: recoveryCodesSchema }),
    status: 200,
    errors: ticketErrors,
  }),
  setUp: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor/setup',
    summary:
      'Begin to set up a second factor, or, with a code or a recovery code of the one there is, another authenticator in its place; nothing changes until it is confirmed',
    access: access.signedIn,
    body: z.strictObject({ password: givenPasswordSchema, ...proofShape }).refine(isAtMostOneProof, ONE_PROOF),
    response: authenticatorSetupSchema,
    status: 200,
    errors: ['password_wrong', 'second_factor_wrong', 'conflict', 'rate_limited'],
  }),
  confirm: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor/confirm',
    summary:
      'Prove the authenticator and switch the second factor on, or to it from the one before; answers with the recovery codes, once',
    access: access.signedIn,
    body: z.strictObject({ code: oneTimeCodeSchema }),
    response: z.object({ recoveryCodes: recoveryCodesSchema }),
    status: 200,
    errors: ['second_factor_wrong', 'conflict', 'rate_limited'],
  }),
  disable: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor/disable',
    summary: 'Give the second factor up',
    access: access.signedIn,
    body: z.strictObject({ password: givenPasswordSchema, ...proofShape }).refine(isOneProof, ONE_PROOF),
    response: z.object({}),
    status: 200,
    errors: ['password_wrong', 'second_factor_wrong', 'second_factor_required', 'conflict', 'rate_limited'],
  }),
  renewRecoveryCodes: defineEndpoint({
    method: 'POST',
    path: '/api/auth/second-factor/recovery-codes',
    summary: 'Make new recovery codes, shown once; those of before are void',
    access: access.signedIn,
    body: z.strictObject({ password: givenPasswordSchema, ...proofShape }).refine(isOneProof, ONE_PROOF),
    response: z.object({ recoveryCodes: recoveryCodesSchema }),
    status: 200,
    errors: ['password_wrong', 'second_factor_wrong', 'conflict', 'rate_limited'],
  }),
} as const;
