import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { holdSchema } from '../slot.ts';
import { defineEndpoint } from './endpoint.ts';

const holdParamsSchema = z.strictObject({ holdId: documentIdSchema });
const oneSchema = z.object({ hold: holdSchema });

/** A chosen slot is kept for the patient while they fill in the form. A patient has one hold at a time. */
export const holdEndpoints = {
  own: defineEndpoint({
    method: 'GET',
    path: '/api/holds',
    summary: 'The slot that is kept for the signed-in patient, if there is one',
    access: access.roles('patient'),
    response: z.object({ hold: holdSchema.nullable() }),
    status: 200,
    errors: [],
  }),
  take: defineEndpoint({
    method: 'POST',
    path: '/api/holds',
    summary: 'Keep a slot for 10 minutes; one that was kept before is given back',
    access: access.roles('patient'),
    body: z.strictObject({ doctorId: documentIdSchema, startsAt: instantSchema }),
    response: oneSchema,
    status: 201,
    errors: ['not_found', 'slot_unavailable', 'slot_unknown', 'slot_too_soon', 'slot_too_far', 'patient_busy'],
  }),
  extend: defineEndpoint({
    method: 'POST',
    path: '/api/holds/:holdId/extend',
    summary: 'Keep it 2 minutes longer, up to 10 times',
    access: access.roles('patient'),
    params: holdParamsSchema,
    response: oneSchema,
    status: 200,
    errors: ['hold_ended', 'limit_exceeded'],
  }),
  release: defineEndpoint({
    method: 'DELETE',
    path: '/api/holds/:holdId',
    summary: 'Give the slot back at once; giving back twice does nothing',
    access: access.roles('patient'),
    params: holdParamsSchema,
    response: z.object({}),
    status: 200,
    errors: [],
  }),
} as const;
