import { z } from 'zod';
import { access } from '../access.ts';
import { webhookSchema } from '../media/webhook.ts';
import { defineEndpoint } from './endpoint.ts';

/** What media nodes report to `api`. Deliveries may repeat: they are told apart by their id. */
export const mediaWebhookEndpoints = {
  receive: defineEndpoint({
    method: 'POST',
    path: '/api/media/webhooks',
    summary: 'A media node reports an event; signed by the node, safe to repeat',
    access: access.mediaNode,
    body: webhookSchema,
    response: z.object({}),
    status: 202,
    errors: [],
  }),
} as const;
