import { z } from 'zod';
import { documentIdSchema, instantSchema, timeZoneSchema } from './ids.ts';

/** What somebody is told about. The words are the web app's and the mail templates'. */
export const NOTIFICATION_KINDS = [
  'requested',
  'booked',
  'confirmed',
  'declined',
  'cancelled',
  'proposed',
  /** The appointment stays at its time: the other one was not agreed to, was taken back, or got no answer in time. */
  'proposal-declined',
  'proposal-withdrawn',
  'proposal-expired',
  'moved',
  'expired',
  'missed',
  'completed',
  'note-shared',
  'note-amended',
  'reminder-day',
  'reminder-hour',
  'reminder-minutes',
] as const;
export const notificationKindSchema = z.enum(NOTIFICATION_KINDS);
export type NotificationKind = z.infer<typeof notificationKindSchema>;

/** One line under the bell. It holds no reason and no note: those are behind the link. */
export const notificationSchema = z.object({
  id: documentIdSchema,
  kind: notificationKindSchema,
  /** Whether it is about what its owner did: such a line is stored as read, and makes no noise. */
  byYou: z.boolean(),
  at: instantSchema,
  readAt: instantSchema.nullable(),
  appointmentId: documentIdSchema,
  /** When the appointment is, and in which zone it was made. */
  startsAt: instantSchema,
  timeZone: timeZoneSchema,
  /** The other side. */
  otherName: z.string().max(120),
});
export type Notification = z.infer<typeof notificationSchema>;

/** How long before the start somebody is reminded, in minutes. */
export const REMINDER_MINUTES = { 'reminder-day': 24 * 60, 'reminder-hour': 60, 'reminder-minutes': 10 } as const;
export const reminderKindSchema = z.enum(['reminder-day', 'reminder-hour', 'reminder-minutes']);
export type ReminderKind = z.infer<typeof reminderKindSchema>;

/** What somebody wants to be reminded of, and how. News about changes cannot be switched off. */
export const notificationSettingsSchema = z.strictObject({
  reminders: z.array(reminderKindSchema).max(3),
  /** Reminders also by mail, not only in the app. */
  reminderMails: z.boolean(),
});
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>;
