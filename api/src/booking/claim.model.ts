import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** Who has claimed a cell of somebody's time. */
export const CLAIM_OWNERS = ['appointment', 'hold'] as const;
export type ClaimOwner = (typeof CLAIM_OWNERS)[number];

/** One cell of one person's time that is taken. */
export interface StoredClaim {
  _id: Types.ObjectId;
  /** The doctor's or the patient's account. */
  subjectId: Types.ObjectId;
  /** Number of the cell since 1970: see `cells.ts`. */
  cell: number;
  owner: ClaimOwner;
  ownerId: Types.ObjectId;
  /** Who has chosen it, of a hold: they see it as kept. `null` for an appointment. */
  heldById: Types.ObjectId | null;
  /** When a hold ends by itself; `null` for an appointment. */
  expiresAt: Date | null;
}

const id = { type: Schema.Types.ObjectId, required: true };

const claimSchema = new Schema<StoredClaim>(
  {
    subjectId: id,
    cell: { type: Number, required: true },
    owner: { type: String, enum: CLAIM_OWNERS, required: true },
    ownerId: id,
    heldById: { type: Schema.Types.ObjectId, default: null },
    expiresAt: { type: Date, default: null },
  },
  { collection: 'time_claims', versionKey: false },
);
// THE rule that makes overlaps impossible (R26): nobody's cell is given away twice. Its first field is the shard key.
claimSchema.index({ subjectId: 1, cell: 1 }, { unique: true });
// What somebody's appointment or hold has claimed is given back at once.
claimSchema.index({ subjectId: 1, ownerId: 1 });
// A broom only: a hold that has ended blocks nobody, whether it was swept up yet or not.
claimSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 60 });

export function claimModel(connection: Connection): Model<StoredClaim> {
  return connection.model<StoredClaim>('TimeClaim', claimSchema);
}
