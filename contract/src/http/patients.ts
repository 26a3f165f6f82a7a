import { z } from 'zod';
import { access } from '../access.ts';
import { appointmentSchema } from '../appointment.ts';
import { documentIdSchema } from '../ids.ts';
import { patientProfileSchema } from '../profile.ts';
import { defineEndpoint } from './endpoint.ts';

const cursorSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_-]+$/);

/** The chart of a patient, for who treats them (R25). */
export const patientEndpoints = {
  mine: defineEndpoint({
    method: 'GET',
    path: '/api/patients',
    summary: "The signed-in doctor's patients, last seen first",
    access: access.roles('doctor'),
    query: z.strictObject({ cursor: cursorSchema.optional() }),
    response: z.object({
      patients: z
        .array(
          z.object({
            id: documentIdSchema,
            name: z.string().max(120),
            avatarId: documentIdSchema.nullable(),
            dateOfBirth: patientProfileSchema.shape.dateOfBirth,
            lastVisitAt: z.iso.datetime(),
          }),
        )
        .max(50),
      next: cursorSchema.nullable(),
    }),
    status: 200,
    errors: [],
  }),
  chart: defineEndpoint({
    method: 'GET',
    path: '/api/patients/:patientId',
    summary: 'Who the patient is, with allergies first; each view is audited',
    access: access.roles('doctor'),
    params: z.strictObject({ patientId: documentIdSchema }),
    response: z.object({
      patient: z.object({
        id: documentIdSchema,
        name: z.string().max(120),
        avatarId: documentIdSchema.nullable(),
        ...patientProfileSchema.shape,
      }),
    }),
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
  history: defineEndpoint({
    method: 'GET',
    path: '/api/patients/:patientId/history',
    summary: "The patient's appointments with the notes that the caller may read, newest first, archived ones included",
    access: access.roles('doctor', 'patient'),
    params: z.strictObject({ patientId: documentIdSchema }),
    query: z.strictObject({ cursor: cursorSchema.optional() }),
    response: z.object({ appointments: z.array(appointmentSchema).max(50), next: cursorSchema.nullable() }),
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
} as const;
