import type { Connection, Model } from 'mongoose';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { sessionModel, type StoredSession } from './session.model.ts';

export interface SessionRecord {
  readonly id: string;
  readonly accountId: string;
  readonly expiresAt: Date;
}

/** Sign-ins that are good right now. */
export class SessionRepository {
  readonly #sessions: Model<StoredSession>;

  private constructor(connection: Connection) {
    this.#sessions = sessionModel(connection);
  }

  static create(connection: Connection): SessionRepository {
    return new SessionRepository(connection);
  }

  async insert(session: SessionRecord & { readonly createdAt: Date }): Promise<void> {
    const { id, accountId, createdAt, expiresAt } = session;
    await this.#sessions.create({ _id: id, accountId: toStoredId(accountId), createdAt, expiresAt });
  }

  async live(id: string, now: Date): Promise<SessionRecord | undefined> {
    const found = await this.#sessions.findOne({ _id: id, expiresAt: condition({ $gt: now }) }).lean();
    if (found === null) return undefined;
    return { id: found._id, accountId: found.accountId.toHexString(), expiresAt: found.expiresAt };
  }

  /** @returns whether there was such a session */
  async remove(id: string): Promise<boolean> {
    const { deletedCount } = await this.#sessions.deleteOne({ _id: id });
    return deletedCount > 0;
  }
}
