import { z } from 'zod';
import { access } from '../access.ts';
import { appointmentSchema } from '../appointment.ts';
import { documentIdSchema } from '../ids.ts';
import { ratingSchema } from '../rating.ts';
import { defineEndpoint } from './endpoint.ts';

const appointmentParamsSchema = z.strictObject({ appointmentId: documentIdSchema });
const oneSchema = z.object({ appointment: appointmentSchema });

/** What patients say of their visits (R45). */
export const ratingEndpoints = {
  rate: defineEndpoint({
    method: 'PUT',
    path: '/api/appointments/:appointmentId/rating',
    summary: 'The patient rates a completed visit once; the rating can be changed for 7 days',
    access: access.roles('patient'),
    params: appointmentParamsSchema,
    body: ratingSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'rating_closed'],
  }),
} as const;
