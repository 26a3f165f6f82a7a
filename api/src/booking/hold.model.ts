import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** A slot that is kept for somebody. Its id is the account of who has chosen it: nobody has two. */
export interface StoredHold {
  _id: Types.ObjectId;
  /** Changes with every slot that is chosen: what was kept before cannot be prolonged by a page that is late. */
  holdId: Types.ObjectId;
  doctorId: Types.ObjectId;
  patientId: Types.ObjectId;
  /** The appointment for which another time is chosen; `null` for a visit of its own. */
  movesId: Types.ObjectId | null;
  startsAt: Date;
  endsAt: Date;
  expiresAt: Date;
  extensionsLeft: number;
  /** How many cells of the two it has claimed: with fewer it is kept no more. */
  cells: number;
}

const id = { type: Schema.Types.ObjectId, required: true };
const instant = { type: Date, required: true };

const holdSchema = new Schema<StoredHold>(
  {
    holdId: id,
    doctorId: id,
    patientId: id,
    movesId: { type: Schema.Types.ObjectId, default: null },
    startsAt: instant,
    endsAt: instant,
    expiresAt: instant,
    extensionsLeft: { type: Number, required: true },
    cells: { type: Number, required: true },
  },
  { collection: 'holds', versionKey: false },
);
holdSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 60 });

export function holdModel(connection: Connection): Model<StoredHold> {
  return connection.model<StoredHold>('Hold', holdSchema);
}
