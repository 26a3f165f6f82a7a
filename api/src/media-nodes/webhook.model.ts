import { Schema, type Connection, type Model } from 'mongoose';

/** Id of a delivery that was taken, so that its repetition is not taken again. */
export interface StoredDelivery {
  _id: string;
  receivedAt: Date;
}

/** Nodes give up repeating long before that. */
const KEPT_SECONDS = 24 * 60 * 60;

const deliverySchema = new Schema<StoredDelivery>(
  { _id: { type: String, required: true }, receivedAt: { type: Date, required: true } },
  { collection: 'webhookDeliveries', versionKey: false },
);
deliverySchema.index({ receivedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export function deliveryModel(connection: Connection): Model<StoredDelivery> {
  return connection.model<StoredDelivery>('WebhookDelivery', deliverySchema);
}
