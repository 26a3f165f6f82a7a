import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** A slot that is kept for a patient. Its id is the patient's account: nobody has two. */
export interface StoredHold {
  _id: Types.ObjectId;
  /** Changes with every slot that is chosen: what was kept before cannot be prolonged by a page that is late. */
  holdId: Types.ObjectId;
  doctorId: Types.ObjectId;
  startsAt: Date;
  endsAt: Date;
  expiresAt: Date;
  extensionsLeft: number;
}

const id = { type: Schema.Types.ObjectId, required: true };
const instant = { type: Date, required: true };

const holdSchema = new Schema<StoredHold>(
  {
    holdId: id,
    doctorId: id,
    startsAt: instant,
    endsAt: instant,
    expiresAt: instant,
    extensionsLeft: { type: Number, required: true },
  },
  { collection: 'holds', versionKey: false },
);
holdSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 60 });

export function holdModel(connection: Connection): Model<StoredHold> {
  return connection.model<StoredHold>('Hold', holdSchema);
}
