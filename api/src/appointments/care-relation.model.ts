import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** That somebody takes, or has taken, part in appointments of a doctor: as their patient or as an added colleague. */
export interface StoredCareRelation {
  _id: Types.ObjectId;
  /** The patient's or the colleague's account. */
  accountId: Types.ObjectId;
  doctorId: Types.ObjectId;
}

const id = { type: Schema.Types.ObjectId, required: true, immutable: true };

const careRelationSchema = new Schema<StoredCareRelation>(
  { accountId: id, doctorId: id },
  { collection: 'care_relations', versionKey: false },
);
// Its first field is the shard key.
careRelationSchema.index({ accountId: 1, doctorId: 1 }, { unique: true });

export function careRelationModel(connection: Connection): Model<StoredCareRelation> {
  return connection.model<StoredCareRelation>('CareRelation', careRelationSchema);
}
