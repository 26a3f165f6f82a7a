import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** A booking that was made under a key of the client's, so that sending it again makes no second one. */
export interface StoredBookingKey {
  /** Account and key. */
  _id: string;
  /** What was asked for, hashed: the same key for something else is a mistake of the client. */
  fingerprint: string;
  appointmentId: Types.ObjectId;
  expiresAt: Date;
}

const bookingKeySchema = new Schema<StoredBookingKey>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    appointmentId: { type: Schema.Types.ObjectId, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'booking_keys', versionKey: false },
);
bookingKeySchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function bookingKeyModel(connection: Connection): Model<StoredBookingKey> {
  return connection.model<StoredBookingKey>('BookingKey', bookingKeySchema);
}
