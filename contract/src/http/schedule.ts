import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema } from '../ids.ts';
import { MOST_AFFECTED, scheduleEffectSchema, scheduleSchema, wantedScheduleSchema } from '../schedule.ts';
import { defineEndpoint } from './endpoint.ts';

const versionedSchema = z.object({
  schedule: scheduleSchema,
  version: z.int().min(0),
  /**
   * The zone as it was stored, where it means no one place (`IST`). Until the doctor has chosen another one nothing can be
   * booked, and `schedule.timeZone` is UTC.
   */
  unclearZone: z.string().max(64).nullable(),
});

/** The signed-in doctor's own time (R20). Doctors only; pending ones fill theirs in while they wait. */
export const scheduleEndpoints = {
  own: defineEndpoint({
    method: 'GET',
    path: '/api/schedule',
    summary: "The signed-in doctor's schedule",
    access: access.signedIn,
    response: versionedSchema,
    status: 200,
    errors: ['forbidden'],
  }),
  preview: defineEndpoint({
    method: 'POST',
    path: '/api/schedule/preview',
    summary: 'What a schedule would change, and which booked appointments it would leave without a slot; saves nothing',
    access: access.signedIn,
    body: z.strictObject({ schedule: wantedScheduleSchema }),
    response: scheduleEffectSchema,
    status: 200,
    errors: ['forbidden', 'rate_limited'],
  }),
  save: defineEndpoint({
    method: 'PUT',
    path: '/api/schedule',
    summary:
      'Save the schedule. Booked appointments outside of it are kept where they are, and each must be named in `keep`',
    access: access.signedIn,
    body: z.strictObject({
      schedule: wantedScheduleSchema,
      version: z.int().min(0),
      keep: z.array(documentIdSchema).max(MOST_AFFECTED),
    }),
    response: versionedSchema,
    status: 200,
    errors: ['forbidden', 'version_conflict', 'schedule_affects_bookings'],
  }),
} as const;
