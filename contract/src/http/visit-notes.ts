import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema } from '../ids.ts';
import { paragraph } from '../text.ts';
import { noteContentSchema, visitNoteSchema } from '../visit-note.ts';
import { defineEndpoint } from './endpoint.ts';

const noteParamsSchema = z.strictObject({ appointmentId: documentIdSchema });
const oneSchema = z.object({ note: visitNoteSchema });

/** Notes of visits: written by the appointment's doctor, read by who treats the patient, and by the patient if shared. */
export const visitNoteEndpoints = {
  read: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/:appointmentId/note',
    summary: 'The note of a visit; a patient gets it once it is signed and shared. Each reading is audited',
    access: access.roles('doctor', 'patient'),
    params: noteParamsSchema,
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
  save: defineEndpoint({
    method: 'PUT',
    path: '/api/appointments/:appointmentId/note',
    summary: 'Save the draft that was typed on this version',
    access: access.roles('doctor'),
    params: noteParamsSchema,
    // 60,000 characters of up to 4 bytes each, and what JSON adds to them.
    bodyLimitBytes: 262_144,
    body: z.strictObject({ content: noteContentSchema, shared: z.boolean(), version: z.int().min(0) }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'note_signed', 'note_conflict', 'change_not_allowed'],
  }),
  sign: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/note/sign',
    summary:
      'Sign the note as saved in this version, which completes the appointment; nothing of it can be changed then',
    access: access.roles('doctor'),
    params: noteParamsSchema,
    body: z.strictObject({ version: z.int().min(0), shared: z.boolean() }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'note_signed', 'note_conflict', 'change_not_allowed'],
  }),
  amend: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/note/amendments',
    summary: 'Append to a signed note, with author and time',
    access: access.roles('doctor'),
    params: noteParamsSchema,
    body: z.strictObject({ text: paragraph(10_000).min(1), idempotencyKey: z.uuid() }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'note_unsigned', 'idempotency_mismatch', 'limit_exceeded'],
  }),
  share: defineEndpoint({
    method: 'PUT',
    path: '/api/appointments/:appointmentId/note/shared',
    summary: 'Let the patient read the signed note, or no longer',
    access: access.roles('doctor'),
    params: noteParamsSchema,
    body: z.strictObject({ shared: z.boolean() }),
    response: oneSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'note_unsigned'],
  }),
  unsigned: defineEndpoint({
    method: 'GET',
    path: '/api/notes/unsigned',
    summary: "The signed-in doctor's visits whose note is not signed yet, oldest first",
    access: access.roles('doctor'),
    response: z.object({
      visits: z
        .array(
          z.object({
            appointmentId: documentIdSchema,
            patientName: z.string().max(120),
            visitStartsAt: z.iso.datetime(),
            hasDraft: z.boolean(),
          }),
        )
        .max(100),
    }),
    status: 200,
    errors: [],
  }),
} as const;
