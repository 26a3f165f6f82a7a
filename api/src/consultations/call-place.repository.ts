import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { callPlaceModel, type StoredCallPlace } from './call-place.model.ts';

export interface CallPlace {
  readonly room: string;
  readonly accountId: string;
  readonly sessionId: string;
}

const toPlace = ({ room, accountId, sessionId }: StoredCallPlace): CallPlace => ({
  room: room.toHexString(),
  accountId: accountId.toHexString(),
  sessionId,
});

/** Which session has brought an account into which call. */
export class CallPlaceRepository {
  readonly #places: Model<StoredCallPlace>;

  private constructor(connection: Connection) {
    this.#places = callPlaceModel(connection);
  }

  static create(connection: Connection): CallPlaceRepository {
    return new CallPlaceRepository(connection);
  }

  /** The latest session counts: who joins on a second device takes the place over. */
  async take({ room, accountId, sessionId }: CallPlace, takenAt: Date): Promise<void> {
    const place = { room: toStoredId(room), accountId: toStoredId(accountId) };
    const write = () => this.#places.updateOne(place, { $set: { sessionId, takenAt } }, { upsert: true });
    try {
      await write();
    } catch (error) {
      // Two at once: the other one has made the document, so this time it is found.
      if (!isDuplicateKey(error)) throw error;
      await write();
    }
  }

  async one(room: string, accountId: string): Promise<CallPlace | undefined> {
    const found = await this.#places.findOne({ room: toStoredId(room), accountId: toStoredId(accountId) }).lean();
    return found === null ? undefined : toPlace(found);
  }

  async ofSessions(sessionIds: readonly string[], transaction?: Transaction): Promise<CallPlace[]> {
    const found = await this.#places
      .find({ sessionId: condition({ $in: [...sessionIds] }) })
      .session(transaction ?? null)
      .lean();
    return found.map(toPlace);
  }
}
