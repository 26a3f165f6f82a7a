import { Schema, type Connection, type Model, type Types } from 'mongoose';

/**
 * What a patient says of a visit, as the doctor's page shows it: nothing in it tells whose it is. The appointment holds
 * the same for its two sides (R22); both are written in one transaction.
 */
export interface StoredRating {
  /** Chosen at random: an id that tells when it was made would tell more of the patient than the month. */
  _id: Types.ObjectId;
  appointmentId: Types.ObjectId;
  doctorId: Types.ObjectId;
  rating: number;
  review: string;
  /** When it was given; a later change leaves this alone. */
  ratedAt: Date;
}

const ratingSchema = new Schema<StoredRating>(
  {
    appointmentId: { type: Schema.Types.ObjectId, required: true },
    doctorId: { type: Schema.Types.ObjectId, required: true },
    rating: { type: Number, required: true, min: 1, max: 5 },
    review: { type: String, default: '', maxlength: 2000 },
    ratedAt: { type: Date, required: true },
  },
  { collection: 'ratings', versionKey: false },
);
// A visit is rated once.
ratingSchema.index({ appointmentId: 1 }, { unique: true });
ratingSchema.index({ doctorId: 1, ratedAt: -1, _id: -1 });

export function ratingModel(connection: Connection): Model<StoredRating> {
  return connection.model<StoredRating>('Rating', ratingSchema);
}
