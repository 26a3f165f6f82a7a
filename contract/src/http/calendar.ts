import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema } from '../ids.ts';
import { defineEndpoint } from './endpoint.ts';

const appointmentParamsSchema = z.strictObject({ appointmentId: documentIdSchema });

/** Appointments for other calendars. */
export const calendarEndpoints = {
  one: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/:appointmentId/calendar',
    summary: 'The appointment as a calendar file (RFC 5545), for its two sides',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    response: z.object({ ics: z.string().max(20_000) }),
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
} as const;
