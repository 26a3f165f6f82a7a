import { z } from 'zod';
import { access } from '../access.ts';
import { accountSchema, credentialsSchema } from '../account.ts';
import { signInTicketSchema } from './second-factor.ts';
import { defineEndpoint } from './endpoint.ts';

const signedInSchema = z.object({ account: accountSchema });

/**
 * What a right password leads to: the session, or one more step. A ticket is good for one sign-in within five minutes:
 * - `second-factor`: send it with a code to `POST /api/auth/second-factor`
 * - `second-factor-setup`: the hospital requires a second factor that this account does not have yet: send it to
 *   `POST /api/auth/second-factor/enrolment`
 */
export const signInSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('signed-in'), account: accountSchema }),
  z.object({ status: z.literal('second-factor'), ticket: signInTicketSchema }),
  z.object({ status: z.literal('second-factor-setup'), ticket: signInTicketSchema }),
]);
export type SignIn = z.infer<typeof signInSchema>;

/** Sign-in, sign-out and the own account (R46). The session travels in HttpOnly cookies, never in a body (R30). */
export const authEndpoints = {
  login: defineEndpoint({
    method: 'POST',
    path: '/api/auth/login',
    summary: 'Sign in; sets the session cookies, or gives a ticket for the second step',
    access: access.public,
    body: credentialsSchema,
    response: signInSchema,
    status: 200,
    errors: ['signin_wrong', 'rate_limited'],
  }),
  refresh: defineEndpoint({
    method: 'POST',
    path: '/api/auth/refresh',
    summary:
      'Renew the session cookies by the refresh cookie; 409 means that another tab has just done it: use the new cookies',
    access: access.public,
    response: signedInSchema,
    status: 200,
    errors: ['unauthenticated', 'conflict'],
  }),
  logout: defineEndpoint({
    method: 'POST',
    path: '/api/auth/logout',
    summary: 'End the session and clear its cookies; also answers when nobody is signed in',
    access: access.public,
    response: z.object({}),
    status: 200,
    errors: [],
  }),
  me: defineEndpoint({
    method: 'GET',
    path: '/api/auth/me',
    summary: 'The signed-in account',
    access: access.signedIn,
    response: signedInSchema,
    status: 200,
    errors: [],
  }),
} as const;
