import { z } from 'zod';

/** How doctor and patient meet. */
export const APPOINTMENT_MODES = ['video', 'chat'] as const;
export const appointmentModeSchema = z.enum(APPOINTMENT_MODES);
export type AppointmentMode = z.infer<typeof appointmentModeSchema>;
