import { z } from 'zod';
import { access } from '../access.ts';
import { defineEndpoint } from './endpoint.ts';

/** What an installation says of itself to anybody. */
export const systemEndpoints = {
  openApi: defineEndpoint({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This document: OpenAPI 3.1, generated from the declarations',
    access: access.public,
    response: z.looseObject({ openapi: z.string() }),
    status: 200,
    errors: [],
  }),
  clinic: defineEndpoint({
    method: 'GET',
    path: '/api/clinic',
    summary: 'How the clinic is reached outside of the product',
    access: access.public,
    response: z.object({
      /** Telephone number as it is written, or `null` where the installation names none. */
      phone: z.string().nullable(),
    }),
    status: 200,
    errors: [],
  }),
} as const;

/** Body of `/healthz` and `/readyz` of both servers; these two stand outside `/api`. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  checks: z.record(z.string(), z.enum(['ok', 'failed'])),
});
export type Health = z.infer<typeof healthSchema>;
