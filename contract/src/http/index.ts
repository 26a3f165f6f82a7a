import { appointmentEndpoints } from './appointments.ts';
import { authEndpoints } from './auth.ts';
import { consultationEndpoints } from './consultations.ts';
import { mediaWebhookEndpoints } from './media-webhooks.ts';
import { systemEndpoints } from './system.ts';

/** Every HTTP endpoint of the product, by area. `api` must bind each of them; a test compares. */
export const endpoints = {
  auth: authEndpoints,
  appointments: appointmentEndpoints,
  consultations: consultationEndpoints,
  mediaWebhooks: mediaWebhookEndpoints,
  system: systemEndpoints,
} as const;

export * from './endpoint.ts';
export * from './openapi.ts';
export { healthSchema, type Health } from './system.ts';
export { iceServerSchema, joinGrantSchema, type IceServer, type JoinGrant } from './consultations.ts';
