import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** `queued` -> `working` (under a lease) -> `done` or `failed`; back to `queued` when an attempt did not succeed. */
export const ITEM_STATES = ['queued', 'working', 'done', 'failed'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** Something that has to be done once, kept until it is. */
export interface StoredItem {
  _id: Types.ObjectId;
  state: ItemState;
  /** Encrypted; emptied once it is done. */
  payload: Buffer;
  createdAt: Date;
  /** Pointless after this: it is given up then. */
  expiresAt: Date;
  /** Earliest next attempt; while `working`, the end of the lease. */
  dueAt: Date;
  attempts: number;
  lease: string | null;
  /** When the database forgets it. */
  removeAt: Date;
}

function itemSchema(collection: string): Schema<StoredItem> {
  const schema = new Schema<StoredItem>(
    {
      state: { type: String, enum: ITEM_STATES, required: true },
      payload: { type: Buffer, default: Buffer.alloc(0) },
      createdAt: { type: Date, required: true },
      expiresAt: { type: Date, required: true },
      dueAt: { type: Date, required: true },
      attempts: { type: Number, required: true, default: 0 },
      lease: { type: String, default: null },
      removeAt: { type: Date, required: true },
    },
    { collection, versionKey: false },
  );
  schema.index({ state: 1, dueAt: 1 });
  schema.index({ removeAt: 1 }, { expireAfterSeconds: 0 });
  return schema;
}

/** Two kinds of work are kept this way, each in a collection of its own. */
const QUEUES = {
  mails: { model: 'Mail', schema: itemSchema('mails') },
  accountRequests: { model: 'AccountRequest', schema: itemSchema('account_requests') },
} as const;
export type QueueName = keyof typeof QUEUES;

export function queueModel(connection: Connection, queue: QueueName): Model<StoredItem> {
  const { model, schema } = QUEUES[queue];
  return connection.model<StoredItem>(model, schema);
}
