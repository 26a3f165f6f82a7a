import { z } from 'zod';
import { access } from '../access.ts';
import { givenPasswordSchema, newPasswordSchema } from '../password.ts';
import { defineEndpoint } from './endpoint.ts';

/** The own password. */
export const passwordEndpoints = {
  change: defineEndpoint({
    method: 'POST',
    path: '/api/auth/password/change',
    summary: 'Choose a new password; every other session of the account ends',
    access: access.signedIn,
    body: z.strictObject({
      currentPassword: givenPasswordSchema,
      newPassword: newPasswordSchema,
    }),
    response: z.object({}),
    status: 200,
    errors: ['password_wrong', 'password_common', 'rate_limited'],
  }),
} as const;
