import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { defineEvent, defineRequest } from './message.ts';

/** Namespace of the slot socket: open to visitors, like the pages that show slots. It tells nothing about people. */
export const SLOT_NAMESPACE = '/slots';

/** How many doctors one socket may watch at once. */
export const MAX_WATCHED_DOCTORS = 30;

/** Requests of the slot socket. */
export const slotRequests = {
  'slots.watch': defineRequest({
    summary: 'Be told when slots of a doctor are taken or given back',
    access: access.public,
    payload: z.strictObject({ doctorId: documentIdSchema }),
    response: z.object({}),
    errors: ['limit_exceeded', 'rate_limited'],
  }),
  'slots.unwatch': defineRequest({
    summary: 'Stop being told',
    access: access.public,
    payload: z.strictObject({ doctorId: documentIdSchema }),
    response: z.object({}),
    errors: ['rate_limited'],
  }),
} as const;

/** Events of the slot socket. */
export const slotEvents = {
  'slots.changed': defineEvent({
    summary: 'Between these instants something became taken or free; without instants: the schedule changed',
    payload: z.object({
      doctorId: documentIdSchema,
      from: instantSchema.nullable(),
      to: instantSchema.nullable(),
    }),
  }),
} as const;
export type SlotEventName = keyof typeof slotEvents;
