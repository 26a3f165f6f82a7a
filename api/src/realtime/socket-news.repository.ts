import mongoose, { type Connection, type Model } from 'mongoose';
import { toStoredId } from '../database/ids.ts';
import { socketNewsModel, type StoredSocketNews } from './socket-news.model.ts';

const { mongo } = mongoose;
type ChangeStreamOptions = mongoose.mongo.ChangeStreamOptions;

/** A place in the database's own log, from which following goes on. */
export type Place = Pick<ChangeStreamOptions, 'resumeAfter' | 'startAtOperationTime'>;

/** News under an id of their own: told again after a failure, they are the same news. */
export interface NewsItem {
  readonly id: string;
  readonly news: Buffer;
}

/** What the other processes tell from some place on. */
export interface NewsStream {
  /** What comes next; `undefined` when it is no news at all. @throws when the stream has broken off */
  next(): Promise<Buffer | undefined>;
  /** Behind what was read last, also when there was nothing for us; `undefined` before the stream has begun. */
  readonly place: Place | undefined;
  close(): Promise<void>;
}

/** News from one api process to the others: written to a collection, and read from the change stream of it. */
export class SocketNewsRepository {
  readonly #connection: Connection;
  readonly #news: Model<StoredSocketNews>;

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.#news = socketNewsModel(connection);
  }

  static create(connection: Connection): SocketNewsRepository {
    return new SocketNewsRepository(connection);
  }

  /** Tells the others, in this order, with one command. Safe to repeat. */
  async tell(writer: string, items: readonly NewsItem[]): Promise<void> {
    const at = new Date();
    await this.#news.bulkWrite(
      items.map(({ id, news }) => ({
        updateOne: { filter: { _id: toStoredId(id) }, update: { $setOnInsert: { writer, news, at } }, upsert: true },
      })),
    );
  }

  /** The end of the log as it is now. */
  async end(): Promise<Place> {
    const { operationTime } = await this.#db().command({ ping: 1 });
    if (!(operationTime instanceof mongo.Timestamp)) throw new TypeError('The database is not a replica set');
    return { startAtOperationTime: operationTime };
  }

  /** Follows what processes other than `reader` tell from a place on. */
  follow(reader: string, place: Place): NewsStream {
    const othersOnly = [{ $match: { operationType: 'insert', 'fullDocument.writer': { $ne: reader } } }];
    const collection = this.#db().collection<StoredSocketNews>(this.#news.collection.collectionName);
    const stream = collection.watch(othersOnly, place);
    return {
      next: async () => {
        const change = await stream.next();
        return change.operationType === 'insert' ? toBytes(change.fullDocument.news) : undefined;
      },
      get place() {
        return stream.resumeToken === undefined ? undefined : { resumeAfter: stream.resumeToken };
      },
      close: () => stream.close(),
    };
  }

  #db() {
    const { db } = this.#connection;
    if (db === undefined) throw new TypeError('News need an open connection');
    return db;
  }
}

/** Read past mongoose, bytes come in the driver's own wrapping. */
function toBytes(value: unknown): Buffer | undefined {
  return value instanceof mongo.Binary ? Buffer.from(value.buffer) : undefined;
}
