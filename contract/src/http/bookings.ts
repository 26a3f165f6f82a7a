import { z } from 'zod';
import { access } from '../access.ts';
import {
  appointmentEventSchema,
  appointmentSchema,
  cancelReasonSchema,
  commentSchema,
  MAX_APPOINTMENT_EVENTS,
  reasonSchema,
} from '../appointment.ts';
import { documentIdSchema, instantSchema, timeZoneSchema } from '../ids.ts';
import { appointmentModeSchema } from '../mode.ts';
import { nextVisitSchema, timeSpanSchema } from '../slot.ts';
import { calendarDateSchema, MOST_SLOTS_A_DAY, wallTimeSchema } from '../time.ts';
import { defineEndpoint } from './endpoint.ts';

const appointmentParamsSchema = z.strictObject({ appointmentId: documentIdSchema });
const oneSchema = z.object({ appointment: appointmentSchema });

/** A week has room for no more, unless many of them were called off. */
export const MOST_IN_A_WEEK = 7 * MOST_SLOTS_A_DAY;

/** A change names the version that it was made for, so that two tabs cannot overwrite each other. */
const versionSchema = z.int().min(0);
/** The same key again gives the same appointment instead of a second one. */
const idempotencyKeySchema = z.uuid();

/** A time of the doctor's schedule, in the doctor's wall time (R42). */
const wantedTime = {
  date: calendarDateSchema,
  startTime: wallTimeSchema,
  endTime: wallTimeSchema,
  /** Needed only where clocks are set back and the wall time occurs twice on the day; else the first one is meant. */
  startsAt: instantSchema.optional(),
};

/** What a booking can be refused with. */
const BOOKING_ERRORS = [
  'slot_unavailable',
  'slot_unknown',
  'slot_too_soon',
  'slot_too_far',
  'mode_unavailable',
  'patient_busy',
  'idempotency_mismatch',
  'conflict',
] as const;
const CHANGE_ERRORS = ['not_found', 'forbidden', 'version_conflict', 'change_not_allowed'] as const;

/** Making appointments, and everything that becomes of them (R42, R43). */
export const bookingEndpoints = {
  book: defineEndpoint({
    method: 'POST',
    path: '/api/appointments',
    summary:
      'Ask for a free slot (R42). Pending until the doctor answers, or scheduled at once where the doctor wishes so',
    access: access.roles('patient'),
    body: z.strictObject({
      doctorId: documentIdSchema,
      ...wantedTime,
      mode: appointmentModeSchema,
      reason: reasonSchema,
      idempotencyKey: idempotencyKeySchema,
    }),
    response: oneSchema,
    status: 201,
    errors: ['not_found', 'too_many_open', ...BOOKING_ERRORS],
  }),
  followUp: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/follow-up',
    summary: 'The doctor of a visit that has taken place books the next one with its patient; it is scheduled at once',
    access: access.roles('doctor'),
    params: appointmentParamsSchema,
    body: z.strictObject({
      ...wantedTime,
      mode: appointmentModeSchema,
      reason: reasonSchema,
      idempotencyKey: idempotencyKeySchema,
    }),
    response: oneSchema,
    status: 201,
    errors: ['not_found', 'forbidden', 'change_not_allowed', ...BOOKING_ERRORS],
  }),
  propose: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/proposals',
    summary:
      'One side proposes another time; the appointment moves once the other side has confirmed it. Answers with the proposal',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    body: z.strictObject({
      ...wantedTime,
      comment: commentSchema,
      version: versionSchema,
      idempotencyKey: idempotencyKeySchema,
    }),
    response: oneSchema,
    status: 201,
    errors: [...CHANGE_ERRORS, ...BOOKING_ERRORS],
  }),
  confirm: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/confirm',
    summary:
      'The side that has to answer agrees, with a comment; a confirmed proposal ends the appointment it replaces',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    body: z.strictObject({ version: versionSchema, comment: commentSchema }),
    response: oneSchema,
    status: 200,
    errors: CHANGE_ERRORS,
  }),
  decline: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/decline',
    summary: 'The side that has to answer says no, with a reason',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    body: z.strictObject({ version: versionSchema, reason: commentSchema.min(1) }),
    response: oneSchema,
    status: 200,
    errors: CHANGE_ERRORS,
  }),
  cancel: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/cancel',
    summary: 'Either side calls it off, with a reason in words or a ready one; its time is free at once',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    body: z
      .strictObject({
        version: versionSchema,
        reason: commentSchema.min(1).optional(),
        reasonKind: cancelReasonSchema.optional(),
      })
      .refine(({ reason, reasonKind }) => (reason === undefined) !== (reasonKind === undefined), {
        path: ['reason'],
        message: 'Give a reason, or the kind of one: exactly one of both.',
      }),
    response: oneSchema,
    status: 200,
    errors: CHANGE_ERRORS,
  }),
  miss: defineEndpoint({
    method: 'POST',
    path: '/api/appointments/:appointmentId/miss',
    summary: 'The doctor states that the two did not meet; not before the start',
    access: access.roles('doctor'),
    params: appointmentParamsSchema,
    body: z.strictObject({ version: versionSchema }),
    response: oneSchema,
    status: 200,
    errors: CHANGE_ERRORS,
  }),
  patientBusy: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/:appointmentId/patient-busy',
    summary:
      "When its patient has other appointments in up to seven days of the viewer's calendar, for the doctor who is about to choose a time for the two; never with whom, or how many, and not beyond the days for which the doctor can be booked",
    access: access.roles('doctor'),
    params: appointmentParamsSchema,
    query: z.strictObject({
      for: nextVisitSchema,
      from: calendarDateSchema,
      days: z.coerce.number().pipe(z.int().min(1).max(7)).default(7),
      timeZone: timeZoneSchema,
    }),
    response: z.object({ busy: z.array(timeSpanSchema).max(MOST_IN_A_WEEK) }),
    status: 200,
    errors: ['not_found', 'forbidden', 'change_not_allowed', 'rate_limited'],
  }),
  events: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/:appointmentId/events',
    summary: 'What became of the appointment, oldest first, for its parties',
    access: access.roles('doctor', 'patient'),
    params: appointmentParamsSchema,
    response: z.object({ events: z.array(appointmentEventSchema).max(MAX_APPOINTMENT_EVENTS) }),
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
  day: defineEndpoint({
    method: 'GET',
    path: '/api/appointments/day',
    summary: "The signed-in doctor's appointments of some days of the schedule's zone, by start (R25)",
    access: access.roles('doctor'),
    query: z.strictObject({
      /** The first day; today where none is named. */
      from: calendarDateSchema.optional(),
      days: z.coerce.number().pipe(z.int().min(1).max(7)).default(1),
    }),
    response: z.object({
      appointments: z.array(appointmentSchema).max(MOST_IN_A_WEEK),
      /**
       * Whether these are all. If not, what was called off or moved is left out, and then what starts last: fewer days have
       * room for theirs.
       */
      isWhole: z.boolean(),
    }),
    status: 200,
    errors: [],
  }),
} as const;
