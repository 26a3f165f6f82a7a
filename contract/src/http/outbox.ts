import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { defineEndpoint } from './endpoint.ts';

/** A mail that is kept here because no mail server is set up. */
export const outboxMailSchema = z.object({
  id: documentIdSchema,
  to: z.string().max(254),
  subject: z.string().max(200),
  /** Plain text, lines of their own for links. */
  text: z.string().max(10_000),
  createdAt: instantSchema,
});
export type OutboxMail = z.infer<typeof outboxMailSchema>;

/** Mails of an installation without a mail server. */
export const outboxEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/admin/outbox',
    summary: 'The newest 100 mails; only without a mail server and while the server listens on loopback',
    access: access.roles('administrator'),
    response: z.object({ mails: z.array(outboxMailSchema).max(100) }),
    status: 200,
    errors: ['not_found'],
  }),
} as const;
