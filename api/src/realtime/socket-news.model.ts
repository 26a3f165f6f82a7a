import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** After this the database forgets what processes told one another (its clean-up comes round once a minute). */
const KEPT_SECONDS = 30;

/** Something that one api process tells the others. */
export interface StoredSocketNews {
  _id: Types.ObjectId;
  /** The process that tells it. */
  writer: string;
  /** Encrypted: events hold names. */
  news: Buffer;
  at: Date;
}

const socketNewsSchema = new Schema<StoredSocketNews>(
  {
    writer: { type: String, required: true },
    news: { type: Buffer, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'socket_news', versionKey: false },
);
socketNewsSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export function socketNewsModel(connection: Connection): Model<StoredSocketNews> {
  return connection.model<StoredSocketNews>('SocketNews', socketNewsSchema);
}
