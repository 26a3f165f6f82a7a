import { reminderKindSchema, type NotificationSettings } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** When and how somebody is reminded; who has chosen nothing has no document. Its id is the id of the account. */
export interface StoredNotificationSettings extends NotificationSettings {
  _id: Types.ObjectId;
}

const settingsSchema = new Schema<StoredNotificationSettings>(
  {
    reminders: { type: [String], enum: reminderKindSchema.options, required: true },
    reminderMails: { type: Boolean, required: true },
  },
  { collection: 'notification_settings', versionKey: false },
);

export function notificationSettingsModel(connection: Connection): Model<StoredNotificationSettings> {
  return connection.model<StoredNotificationSettings>('NotificationSettings', settingsSchema);
}
