import { reminderKindSchema, type ReminderKind } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/**
 * `planned` -> `sent`, in the transaction of the notification and the mail; or `skipped`: not wanted, too late, or a
 * later one was due as well.
 */
export const REMINDER_STATES = ['planned', 'sent', 'skipped'] as const;
export type ReminderState = (typeof REMINDER_STATES)[number];

/** One reminder of one person of one appointment at one time. */
export interface StoredReminder {
  _id: Types.ObjectId;
  appointmentId: Types.ObjectId;
  accountId: Types.ObjectId;
  kind: ReminderKind;
  /** When the appointment starts: after a move it is another reminder. */
  startsAt: Date;
  dueAt: Date;
  state: ReminderState;
  settledAt: Date | null;
  /** When the database forgets it. */
  removeAt: Date;
}

const id = { type: Schema.Types.ObjectId, required: true };

const reminderSchema = new Schema<StoredReminder>(
  {
    appointmentId: id,
    accountId: id,
    kind: { type: String, enum: reminderKindSchema.options, required: true },
    startsAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    state: { type: String, enum: REMINDER_STATES, default: 'planned' },
    settledAt: { type: Date, default: null },
    removeAt: { type: Date, required: true },
  },
  { collection: 'reminders', versionKey: false },
);
// Exactly once: there cannot be two of one reminder, and one is settled once.
reminderSchema.index({ appointmentId: 1, accountId: 1, kind: 1, startsAt: 1 }, { unique: true });
reminderSchema.index({ state: 1, dueAt: 1 });
reminderSchema.index({ removeAt: 1 }, { expireAfterSeconds: 0 });

export function reminderModel(connection: Connection): Model<StoredReminder> {
  return connection.model<StoredReminder>('Reminder', reminderSchema);
}
