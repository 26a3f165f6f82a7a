import { z } from 'zod';
import { access } from '../access.ts';
import { doctorPageSchema, listedDoctorSchema, reviewSchema } from '../doctor.ts';
import { documentIdSchema, timeZoneSchema } from '../ids.ts';
import { appointmentModeSchema } from '../mode.ts';
import { slotDaySchema } from '../slot.ts';
import { line } from '../text.ts';
import { calendarDateSchema } from '../time.ts';
import { defineEndpoint } from './endpoint.ts';

const doctorParamsSchema = z.strictObject({ doctorId: documentIdSchema });
/** A place in the list: the value that it is sorted by, a name of up to 120 signs of any script, and an id. */
const cursorSchema = z
  .string()
  .max(600)
  .regex(/^[A-Za-z0-9_-]+$/);

/** How the directory is searched; the web app's address bar holds the same fields (R40). */
export const doctorSearchSchema = z.strictObject({
  /** Words in any order, case and accents do not matter: name, specialization, qualification, about. */
  term: line(100).optional(),
  specialization: line(120).optional(),
  minimumYears: z.coerce.number().pipe(z.int().min(0).max(80)).optional(),
  language: line(60).optional(),
  mode: appointmentModeSchema.optional(),
  /** A free time today, or within seven days, in the viewer's zone. */
  free: z.enum(['today', 'week']).optional(),
  sort: z.enum(['soonest', 'name', 'experience']).default('soonest'),
  timeZone: timeZoneSchema.default('UTC'),
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(50)).default(20),
});
export type DoctorSearch = z.infer<typeof doctorSearchSchema>;

/** Finding a doctor and a time. Open to visitors: nothing in it is about a patient. */
export const doctorEndpoints = {
  search: defineEndpoint({
    method: 'GET',
    path: '/api/doctors',
    summary: 'Approved doctors who fit, soonest free first unless asked otherwise',
    access: access.public,
    query: doctorSearchSchema,
    response: z.object({
      doctors: z.array(listedDoctorSchema).max(50),
      /** How many fit in all. */
      total: z.int().min(0),
      next: cursorSchema.nullable(),
    }),
    status: 200,
    errors: [],
  }),
  facets: defineEndpoint({
    method: 'GET',
    path: '/api/doctors/facets',
    summary: 'What the directory can be filtered by',
    access: access.public,
    response: z.object({
      specializations: z.array(z.string().max(120)).max(500),
      languages: z.array(z.string().max(60)).max(500),
    }),
    status: 200,
    errors: [],
  }),
  page: defineEndpoint({
    method: 'GET',
    path: '/api/doctors/:doctorId',
    summary: 'The page of one approved doctor (R41)',
    access: access.public,
    params: doctorParamsSchema,
    response: z.object({ doctor: doctorPageSchema }),
    status: 200,
    errors: ['not_found'],
  }),
  slots: defineEndpoint({
    method: 'GET',
    path: '/api/doctors/:doctorId/slots',
    summary: "Slots of up to seven days of the viewer's calendar, with their state for the one who asks",
    access: access.visitor,
    params: doctorParamsSchema,
    query: z.strictObject({
      from: calendarDateSchema,
      days: z.coerce.number().pipe(z.int().min(1).max(7)).default(7),
      timeZone: timeZoneSchema,
      /** The one way of meeting that will do: the first free day is one of it, the days hold every slot all the same. */
      mode: appointmentModeSchema.optional(),
      /** An appointment of the caller with this doctor for which another time is looked for: what it takes up is free for it. */
      moves: documentIdSchema.optional(),
    }),
    response: z.object({
      days: z.array(slotDaySchema).max(7),
      /** First day with a free slot, of the wanted way of meeting, on or after `from`, in the viewer's zone. */
      firstFreeDate: calendarDateSchema.nullable(),
    }),
    status: 200,
    errors: ['not_found', 'rate_limited'],
  }),
  reviews: defineEndpoint({
    method: 'GET',
    path: '/api/doctors/:doctorId/reviews',
    summary: 'Reviews of a doctor, newest first, without names',
    access: access.public,
    params: doctorParamsSchema,
    query: z.strictObject({ cursor: documentIdSchema.optional() }),
    response: z.object({ reviews: z.array(reviewSchema).max(20), next: documentIdSchema.nullable() }),
    status: 200,
    errors: ['not_found'],
  }),
  picture: defineEndpoint({
    method: 'GET',
    path: '/api/doctors/:doctorId/pictures/:avatarId',
    summary: 'The picture of a listed doctor; a new picture gets a new address',
    access: access.public,
    params: doctorParamsSchema.extend({ avatarId: documentIdSchema }),
    produces: 'image/webp',
    response: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    status: 200,
    errors: ['not_found'],
  }),
} as const;
