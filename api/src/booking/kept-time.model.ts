import { Schema, type Connection, type Model } from 'mongoose';

/** For how long somebody has kept one slot lately. */
export interface StoredKeptTime {
  /** Account, doctor and start of the slot. */
  _id: string;
  usedMs: number;
  /** When it is forgotten: so long after it was kept last. */
  expiresAt: Date;
}

const keptTimeSchema = new Schema<StoredKeptTime>(
  {
    _id: { type: String, required: true },
    usedMs: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'kept_times', versionKey: false },
);
keptTimeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function keptTimeModel(connection: Connection): Model<StoredKeptTime> {
  return connection.model<StoredKeptTime>('KeptTime', keptTimeSchema);
}
