import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** By which session an account got its latest place in a call. */
export interface StoredCallPlace {
  room: Types.ObjectId;
  accountId: Types.ObjectId;
  sessionId: string;
  takenAt: Date;
}

/** Longer than any call. */
const KEPT_SECONDS = 24 * 60 * 60;

const callPlaceSchema = new Schema<StoredCallPlace>(
  {
    room: { type: Schema.Types.ObjectId, required: true },
    accountId: { type: Schema.Types.ObjectId, required: true },
    sessionId: { type: String, required: true },
    takenAt: { type: Date, required: true },
  },
  { collection: 'callPlaces', versionKey: false },
);
callPlaceSchema.index({ room: 1, accountId: 1 }, { unique: true });
callPlaceSchema.index({ sessionId: 1 });
callPlaceSchema.index({ takenAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export function callPlaceModel(connection: Connection): Model<StoredCallPlace> {
  return connection.model<StoredCallPlace>('CallPlace', callPlaceSchema);
}
