import { z } from 'zod';
import { access } from '../access.ts';
import { appointmentSchema } from '../appointment.ts';
import { documentIdSchema } from '../ids.ts';
import { defineEndpoint } from './endpoint.ts';

const appointmentParamsSchema = z.strictObject({ appointmentId: documentIdSchema });
const listSchema = z.object({ appointments: z.array(appointmentSchema).max(500) });
const oneSchema = z.object({ appointment: appointmentSchema });

/** Appointments as their parties see them (R43). */
export const appointmentEndpoints = {
  ofDoctor: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/doctor',
    summary:
      "The signed-in doctor's appointments, own and as a colleague, by start: those to come nearest first, past ones latest first, up to 500",
    access: access.roles('doctor'),
    response: listSchema,
    status: 200,
    errors: [],
  }),
  ofPatient: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/patient',
    summary: "The signed-in patient's appointments, by start",
    access: access.roles('patient'),
    response: listSchema,
    status: 200,
    errors: [],
  }),
  one: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/:appointmentId',
    summary: 'One appointment, for its parties only',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
  addColleague: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/colleagues',
    summary: "The appointment's doctor adds a colleague to the consultation; adding twice changes nothing",
    access: access.roles('doctor'),
    params: appointmentParamsSchema,
    body: z.strictObject({ doctorId: documentIdSchema }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'consultation_closed', 'limit_exceeded'],
  }),
  removeColleague: defineEndpoint({
    method: 'DELETE',
    path: '/api/appointments/:appointmentId/colleagues/:doctorId',
    summary: "The appointment's doctor takes a colleague out again, also out of a running call",
    access: access.roles('doctor'),
    params: appointmentParamsSchema.extend({ doctorId: documentIdSchema }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
} as const;
