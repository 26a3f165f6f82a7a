import { z } from 'zod';
import { access } from '../access.ts';
import { instantSchema } from '../ids.ts';
import { defineEndpoint } from './endpoint.ts';

/** Words for a device, as far as its browser tells them; `null` where it does not. */
export const deviceSchema = z.object({
  browser: z.string().max(40).nullable(),
  system: z.string().max(40).nullable(),
  kind: z.enum(['computer', 'phone', 'tablet', 'other']),
});
export type Device = z.infer<typeof deviceSchema>;

/** One sign-in of the account: a browser on a device. */
export const sessionSchema = z.object({
  id: z.uuid(),
  device: deviceSchema,
  createdAt: instantSchema,
  /** To a minute: requests and what comes by the app socket count as use. */
  lastUsedAt: instantSchema,
  /** Whether it is the one that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

/** The devices on which the account is signed in. */
export const sessionEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/auth/sessions',
    summary: 'Where the account is signed in, last used first',
    access: access.signedIn,
    response: z.object({ sessions: z.array(sessionSchema).max(500) }),
    status: 200,
    errors: [],
  }),
  end: defineEndpoint({
    method: 'DELETE',
    path: '/api/auth/sessions/:sessionId',
    summary: 'Sign one device out: its requests, its sockets, and its place in a call',
    access: access.signedIn,
    params: z.strictObject({ sessionId: z.uuid() }),
    response: z.object({}),
    status: 200,
    errors: ['not_found'],
  }),
  endOthers: defineEndpoint({
    method: 'POST',
    path: '/api/auth/sessions/end-others',
    summary: 'Sign every other device out',
    access: access.signedIn,
    response: z.object({ ended: z.int().min(0) }),
    status: 200,
    errors: [],
  }),
} as const;
