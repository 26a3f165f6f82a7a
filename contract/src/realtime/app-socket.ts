import { z } from 'zod';
import { access } from '../access.ts';
import { partySchema } from '../appointment.ts';
import { documentIdSchema } from '../ids.ts';
import { notificationSchema } from '../notification.ts';
import { defineEvent, defineRequest } from './message.ts';

/** Largest message that the app socket takes, in bytes. */
export const APP_SOCKET_MAX_BYTES = 65_536;

/**
 * What a client may say of itself in the handshake (Socket.IO `auth`): the account that its page shows. Who else the
 * cookie belongs to is refused with `account_changed`.
 */
export const appHandshakeSchema = z.object({ accountId: documentIdSchema.exactOptional() });
export type AppHandshake = z.infer<typeof appHandshakeSchema>;

/** Who is in the call of a consultation right now. */
export const callPresenceSchema = z.object({
  consultationId: documentIdSchema,
  people: z.array(z.object({ name: z.string().max(120), party: partySchema })).max(16),
});
export type CallPresence = z.infer<typeof callPresenceSchema>;

/** Requests of the app socket, client to server. */
export const appRequests = {
  'consultation.watch': defineRequest({
    summary: 'Be told who is in the call of a consultation, now and when it changes; for its parties',
    access: access.roles('doctor', 'patient'),
    payload: z.strictObject({ consultationId: documentIdSchema }),
    response: callPresenceSchema,
    errors: ['not_found', 'forbidden', 'limit_exceeded'],
  }),
  'consultation.unwatch': defineRequest({
    summary: 'Stop being told',
    access: access.roles('doctor', 'patient'),
    payload: z.strictObject({ consultationId: documentIdSchema }),
    response: z.object({}),
    errors: [],
  }),
} as const;

/** Events of the app socket, server to client. */
export const appEvents = {
  'consultation.presence': defineEvent({
    summary: 'Somebody entered or left the call of a watched consultation',
    payload: callPresenceSchema,
  }),
  'appointment.changed': defineEvent({
    summary: 'An appointment of yours changed: load it again',
    payload: z.object({ appointmentId: documentIdSchema }),
  }),
  'notification.added': defineEvent({
    summary: 'Something for your bell. What you did yourself (`byYou`) comes as read: it is listed, not announced',
    payload: z.object({ notification: notificationSchema, unread: z.int().min(0) }),
  }),
  'notification.read': defineEvent({
    summary: 'You have read some of your bell, on this or on another device: from one, else the oldest, up to another',
    payload: z.object({ from: documentIdSchema.optional(), upTo: documentIdSchema, unread: z.int().min(0) }),
  }),
  'session.ended': defineEvent({
    summary: 'Your sign-in has ended; the socket closes',
    payload: z.object({}),
  }),
} as const;

export type AppRequestName = keyof typeof appRequests;
export type AppRequestPayload<N extends AppRequestName> = z.input<(typeof appRequests)[N]['payload']>;
export type AppRequestResponse<N extends AppRequestName> = z.output<(typeof appRequests)[N]['response']>;
export type AppEventName = keyof typeof appEvents;
export type AppEventPayload<N extends AppEventName> = z.output<(typeof appEvents)[N]['payload']>;
