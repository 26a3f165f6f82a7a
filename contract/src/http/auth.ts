import { z } from 'zod';
import { access } from '../access.ts';
import { accountSchema, credentialsSchema } from '../account.ts';
import { defineEndpoint } from './endpoint.ts';

const signedInSchema = z.object({ account: accountSchema });

/** Sign-in, sign-out and the own account (R46). The session travels in an HttpOnly cookie, never in a body (R30). */
export const authEndpoints = {
  login: defineEndpoint({
    method: 'POST',
    path: '/api/auth/login',
    summary: 'Sign in; sets the session cookie',
    access: access.public,
    body: credentialsSchema,
    response: signedInSchema,
    status: 200,
    errors: ['signin_wrong', 'rate_limited'],
  }),
  logout: defineEndpoint({
    method: 'POST',
    path: '/api/auth/logout',
    summary: 'End the session and clear its cookie; also answers when nobody is signed in',
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
