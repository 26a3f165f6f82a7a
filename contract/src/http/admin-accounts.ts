import { z } from 'zod';
import { access } from '../access.ts';
import { accountSchema, accountStatusSchema, roleSchema } from '../account.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { withoutDirections } from '../text.ts';
import { defineEndpoint } from './endpoint.ts';
import { sessionSchema } from './sessions.ts';

/** An account as administrators see it: what is needed to run the accounts, nothing of the person's health. */
export const managedAccountSchema = accountSchema.omit({ avatarId: true, timeZone: true }).extend({
  status: accountStatusSchema,
  createdAt: instantSchema,
  emailConfirmedAt: instantSchema.nullable(),
  /** Doctors who signed up: when an administrator approved them. */
  approvedAt: instantSchema.nullable(),
  /** Whether it signs in with a second factor, which an administrator can reset. */
  secondFactor: z.boolean(),
});
export type ManagedAccount = z.infer<typeof managedAccountSchema>;

const paramsSchema = z.strictObject({ accountId: documentIdSchema });
const oneSchema = z.object({ account: managedAccountSchema });

/** Administration of accounts. */
export const adminAccountEndpoints = {
  search: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/search',
    summary: 'Accounts, newest first, 50 a page. Names and addresses are searched in the body: none stands in a URL',
    access: access.roles('administrator'),
    body: z.strictObject({
      /**
       * Beginnings of words of a name or of an e-mail address, its domain included, in any order, case and with or
       * without accents; or, with an @, the beginning of a whole address (`ana@hosp`) or of its domain (`@hosp`).
       */
      text: z.string().overwrite(withoutDirections).trim().max(120).exactOptional(),
      role: roleSchema.exactOptional(),
      status: accountStatusSchema.exactOptional(),
      /** `nextCursor` of the page before. */
      cursor: documentIdSchema.exactOptional(),
    }),
    response: z.object({
      accounts: z.array(managedAccountSchema).max(50),
      nextCursor: documentIdSchema.nullable(),
    }),
    status: 200,
    errors: [],
  }),
  approve: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/:accountId/approve',
    summary: 'Approve a pending doctor, who is told by mail',
    access: access.roles('administrator'),
    params: paramsSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'conflict'],
  }),
  disable: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/:accountId/disable',
    summary: 'Disable an account and end its sessions, open connections and calls; not the own one',
    access: access.roles('administrator'),
    params: paramsSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'conflict'],
  }),
  enable: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/:accountId/enable',
    summary: 'Enable a disabled account again: it is what it was before',
    access: access.roles('administrator'),
    params: paramsSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'conflict'],
  }),
  changeRole: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/:accountId/role',
    summary:
      'Give an account another role and end its sessions, open connections and calls; who becomes a doctor is pending. Not the own one',
    access: access.roles('administrator'),
    params: paramsSchema,
    body: z.strictObject({ role: roleSchema }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'conflict'],
  }),
  resetSecondFactor: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/:accountId/second-factor/reset',
    summary:
      'Take the second factor off an account whose owner has lost it, and end its sessions; they are told by mail. Not the own one',
    access: access.roles('administrator'),
    params: paramsSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'conflict'],
  }),
  sessions: defineEndpoint({
    method: 'GET',
    path: '/api/admin/accounts/:accountId/sessions',
    summary: 'Where an account is signed in, last used first',
    access: access.roles('administrator'),
    params: paramsSchema,
    response: z.object({ sessions: z.array(sessionSchema).max(500) }),
    status: 200,
    errors: ['not_found'],
  }),
  endSession: defineEndpoint({
    method: 'DELETE',
    path: '/api/admin/accounts/:accountId/sessions/:sessionId',
    summary: 'Sign an account out on one device: its requests, its sockets, and its place in a call',
    access: access.roles('administrator'),
    params: paramsSchema.extend({ sessionId: z.uuid() }),
    response: z.object({}),
    status: 200,
    errors: ['not_found'],
  }),
  endSessions: defineEndpoint({
    method: 'POST',
    path: '/api/admin/accounts/:accountId/sessions/end',
    summary: 'Sign an account out on every device; the one that asks stays when it is the own account',
    access: access.roles('administrator'),
    params: paramsSchema,
    response: z.object({ ended: z.int().min(0) }),
    status: 200,
    errors: ['not_found'],
  }),
} as const;
