import { z } from 'zod';
import { access } from '../access.ts';
import { accountStatusSchema, emailSchema, personNameSchema, roleSchema } from '../account.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { newPasswordSchema } from '../password.ts';
import { defineEndpoint } from './endpoint.ts';
import { linkTokenSchema } from './pages.ts';

/** Whom an administrator may invite; patients sign up themselves. */
export const invitedRoleSchema = roleSchema.exclude(['patient']);
export type InvitedRole = z.infer<typeof invitedRoleSchema>;

/** An invitation as administrators see it. Never holds its token. */
export const invitationSchema = z.object({
  id: documentIdSchema,
  role: invitedRoleSchema,
  /** Who is invited; `null` for the one-time link of an empty installation. */
  email: z.string().max(254).nullable(),
  /** Name of the administrator who invited; `null` for the one-time link of an empty installation. */
  invitedBy: z.string().max(120).nullable(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
});
export type Invitation = z.infer<typeof invitationSchema>;

/** Invitations: the way in for doctors, staff and administrators. */
export const invitationEndpoints = {
  invite: defineEndpoint({
    method: 'POST',
    path: '/api/admin/invitations',
    summary: 'Invite somebody by mail, for 7 days; an earlier invitation of the same address is void',
    access: access.roles('administrator'),
    body: z.strictObject({ role: invitedRoleSchema, email: emailSchema }),
    response: z.object({ invitation: invitationSchema }),
    status: 201,
    errors: ['email_taken'],
  }),
  list: defineEndpoint({
    method: 'GET',
    path: '/api/admin/invitations',
    summary: 'Invitations that can still be accepted, newest first, at most 200',
    access: access.roles('administrator'),
    response: z.object({ invitations: z.array(invitationSchema).max(200) }),
    status: 200,
    errors: [],
  }),
  revoke: defineEndpoint({
    method: 'DELETE',
    path: '/api/admin/invitations/:invitationId',
    summary: 'Take an invitation back; its link is void at once',
    access: access.roles('administrator'),
    params: z.strictObject({ invitationId: documentIdSchema }),
    response: z.object({}),
    status: 200,
    errors: ['not_found'],
  }),
  show: defineEndpoint({
    method: 'POST',
    path: '/api/auth/invitations/show',
    summary: 'What the invitation of a token is for; does not use it up',
    access: access.public,
    body: z.strictObject({ token: linkTokenSchema }),
    response: z.object({ role: invitedRoleSchema, email: z.string().max(254).nullable() }),
    status: 200,
    errors: ['link_expired', 'rate_limited'],
  }),
  accept: defineEndpoint({
    method: 'POST',
    path: '/api/auth/invitations/accept',
    summary: 'Make the invited account; `email` is given exactly when the invitation names none',
    access: access.public,
    body: z.strictObject({
      token: linkTokenSchema,
      name: personNameSchema,
      password: newPasswordSchema,
      email: emailSchema.exactOptional(),
    }),
    response: z.object({ email: z.string().max(254), status: accountStatusSchema }),
    status: 201,
    errors: ['link_expired', 'email_taken', 'password_common', 'rate_limited'],
  }),
} as const;
