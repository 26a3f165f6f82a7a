import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** A sign-in as it is stored: without it, a session token is worth nothing. */
export interface StoredSession {
  _id: string;
  accountId: Types.ObjectId;
  createdAt: Date;
  expiresAt: Date;
}

const sessionSchema = new Schema<StoredSession>(
  {
    _id: { type: String, required: true },
    accountId: { type: Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false },
);
sessionSchema.index({ accountId: 1 });
// MongoDB removes sessions some time after they have ended; until then they are refused by their date.
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function sessionModel(connection: Connection): Model<StoredSession> {
  return connection.model<StoredSession>('Session', sessionSchema);
}
