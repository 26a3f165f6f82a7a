import { z } from 'zod';
import { documentIdSchema, instantSchema, timeZoneSchema } from './ids.ts';

/** Stored states of an appointment (R22). */
export const APPOINTMENT_STATUSES = ['pending', 'scheduled', 'completed', 'cancelled', 'rescheduled'] as const;
export const appointmentStatusSchema = z.enum(APPOINTMENT_STATUSES);
export type AppointmentStatus = z.infer<typeof appointmentStatusSchema>;

/**
 * Allowed changes of an appointment's status, as data: server, client and documents read this one table.
 * `rescheduled` is the end of the old appointment; the new time is an appointment of its own.
 */
export const APPOINTMENT_TRANSITIONS: Readonly<Record<AppointmentStatus, readonly AppointmentStatus[]>> = {
  pending: ['scheduled', 'cancelled', 'rescheduled'],
  scheduled: ['completed', 'cancelled', 'rescheduled'],
  completed: [],
  cancelled: [],
  rescheduled: [],
};

export const appointmentModeSchema = z.enum(['video', 'chat']);
export type AppointmentMode = z.infer<typeof appointmentModeSchema>;

/** What somebody is in a consultation. Decides the word on the tile and the grants of the join token. */
export const PARTIES = ['doctor', 'patient', 'colleague'] as const;
export const partySchema = z.enum(PARTIES);
export type Party = z.infer<typeof partySchema>;

/** The door of a consultation: opens before the start and stays open until the consultation is closed. */
export const doorSchema = z.object({
  state: z.enum(['early', 'open', 'closed']),
  opensAt: instantSchema,
});
export type Door = z.infer<typeof doorSchema>;

const personSchema = z.object({ id: documentIdSchema, name: z.string().max(120) });

/** An appointment as one of its parties sees it. */
export const appointmentSchema = z.object({
  id: documentIdSchema,
  status: appointmentStatusSchema,
  mode: appointmentModeSchema,
  startsAt: instantSchema,
  endsAt: instantSchema,
  /** The doctor's zone: the appointment was made in its wall time. */
  timeZone: timeZoneSchema,
  reason: z.string().max(300),
  doctor: personSchema.extend({ specialization: z.string().max(120) }),
  patient: personSchema,
  colleagues: z.array(personSchema).max(14),
  /** What the caller is in this appointment. */
  myParty: partySchema,
  door: doorSchema,
});
export type Appointment = z.infer<typeof appointmentSchema>;
