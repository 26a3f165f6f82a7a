import { NOTIFICATION_KINDS, sideSchema, type NotificationKind, type Side } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** How long a notification stays under the bell. */
const RETENTION_SECONDS = 180 * 24 * 60 * 60;

/** One line under somebody's bell. Names are not kept here: they are read when it is shown. */
export interface StoredNotification {
  /** Rises with time: the order of the list. */
  _id: Types.ObjectId;
  /** Whose bell. */
  accountId: Types.ObjectId;
  /** As what they are told: who gets another role does not see what they were told in the one before. */
  side: Side;
  kind: NotificationKind;
  /** Whether its owner did it. Absent in older ones: then somebody else had. */
  byYou?: boolean;
  at: Date;
  readAt: Date | null;
  appointmentId: Types.ObjectId;
  /** When the appointment was, as this was written, and in which zone it was made. */
  startsAt: Date;
  timeZone: string;
  /** The other side. */
  otherId: Types.ObjectId;
}

const id = { type: Schema.Types.ObjectId, required: true };

const notificationSchema = new Schema<StoredNotification>(
  {
    accountId: id,
    side: { type: String, enum: sideSchema.options, required: true },
    kind: { type: String, enum: NOTIFICATION_KINDS, required: true },
    byYou: { type: Boolean, default: false },
    at: { type: Date, required: true },
    readAt: { type: Date, default: null },
    appointmentId: id,
    startsAt: { type: Date, required: true },
    timeZone: { type: String, required: true, maxlength: 64 },
    otherId: id,
  },
  { collection: 'notifications', versionKey: false },
);
notificationSchema.index({ accountId: 1, side: 1, _id: -1 });
notificationSchema.index({ accountId: 1, side: 1, readAt: 1, _id: -1 });
notificationSchema.index({ at: 1 }, { expireAfterSeconds: RETENTION_SECONDS });

export function notificationModel(connection: Connection): Model<StoredNotification> {
  return connection.model<StoredNotification>('Notification', notificationSchema);
}
