import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { holdSchema, nextVisitSchema } from '../slot.ts';
import { defineEndpoint } from './endpoint.ts';

const holdParamsSchema = z.strictObject({ holdId: documentIdSchema });
const oneSchema = z.object({ hold: holdSchema });

const SLOT_ERRORS = [
  'slot_unavailable',
  'slot_unknown',
  'slot_too_soon',
  'slot_too_far',
  'patient_busy',
  'hold_kept_enough',
] as const;

/** A chosen slot is kept for the person while they fill in the form. Nobody has more than one hold at a time. */
export const holdEndpoints = {
  own: defineEndpoint({
    method: 'GET',
    path: '/api/holds',
    summary: 'The slot that is kept for the signed-in person, if there is one',
    access: access.roles('doctor', 'patient'),
    response: z.object({ hold: holdSchema.nullable() }),
    status: 200,
    errors: [],
  }),
  take: defineEndpoint({
    method: 'POST',
    path: '/api/holds',
    summary: 'Keep a slot for 10 minutes for a new appointment; one that was kept before is given back',
    access: access.roles('patient'),
    body: z.strictObject({ doctorId: documentIdSchema, startsAt: instantSchema }),
    response: oneSchema,
    status: 201,
    errors: ['not_found', 'too_many_open', ...SLOT_ERRORS],
  }),
  takeNext: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/holds',
    summary:
      'Keep a slot as another time for the appointment (either side), or for a follow-up (its doctor); else as `take`',
    access: access.roles('doctor', 'patient'),
    params: z.strictObject({ appointmentId: documentIdSchema }),
    body: z.strictObject({ for: nextVisitSchema, startsAt: instantSchema }),
    response: oneSchema,
    status: 201,
    errors: ['not_found', 'forbidden', 'change_not_allowed', 'mode_unavailable', ...SLOT_ERRORS],
  }),
  extend: defineEndpoint({
    method: 'POST',
    path: '/api/holds/:holdId/extend',
    summary: 'Keep it 2 minutes longer, up to 10 times',
    access: access.roles('doctor', 'patient'),
    params: holdParamsSchema,
    response: oneSchema,
    status: 200,
    errors: ['hold_ended', 'limit_exceeded'],
  }),
  release: defineEndpoint({
    method: 'DELETE',
    path: '/api/holds/:holdId',
    summary: 'Give the slot back at once; giving back twice does nothing',
    access: access.roles('doctor', 'patient'),
    params: holdParamsSchema,
    response: z.object({}),
    status: 200,
    errors: [],
  }),
} as const;
