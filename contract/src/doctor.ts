import { z } from 'zod';
import { documentIdSchema, instantSchema, timeZoneSchema } from './ids.ts';
import { appointmentModeSchema } from './mode.ts';

/** What patients think of a doctor. `average` is hidden while there are too few ratings. */
export const ratingSummarySchema = z.object({
  average: z.number().min(1).max(5).nullable(),
  count: z.int().min(0),
});

const listed = {
  id: documentIdSchema,
  name: z.string().max(120),
  avatarId: documentIdSchema.nullable(),
  specialization: z.string().max(120),
  qualification: z.string().max(200),
  experienceYears: z.int().min(0).max(80).nullable(),
  languages: z.array(z.string().max(60)).max(20),
  modes: z.array(appointmentModeSchema).max(2),
  timeZone: timeZoneSchema,
  rating: ratingSummarySchema,
};

/** A doctor as the directory shows them. Only approved doctors are listed. */
export const listedDoctorSchema = z.object({
  ...listed,
  /** The next free times, earliest first. */
  nextFree: z.array(z.object({ startsAt: instantSchema, modes: z.array(appointmentModeSchema).max(2) })).max(3),
});
export type ListedDoctor = z.infer<typeof listedDoctorSchema>;

/** A doctor's own page. */
export const doctorPageSchema = z.object({
  ...listed,
  about: z.string().max(4000),
  /** Whether bookings are confirmed at once. */
  confirmsAtOnce: z.boolean(),
  minimumNoticeMinutes: z.int(),
  furthestDays: z.int(),
});
export type DoctorPage = z.infer<typeof doctorPageSchema>;

/** A review, without the name of who wrote it; only its month is told. */
export const reviewSchema = z.object({
  id: documentIdSchema,
  rating: z.int().min(1).max(5),
  review: z.string().max(2000),
  /** `YYYY-MM`. */
  month: z.string().regex(/^\d{4}-\d{2}$/),
});
export type Review = z.infer<typeof reviewSchema>;
