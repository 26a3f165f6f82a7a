import type { Device } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { sessionModel, type StoredSession } from './session.model.ts';

export interface SessionRecord {
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly device: Device;
}

export type NewSession = SessionRecord & { readonly network: string | null; readonly refreshHash: string };

/** One step of a family of refresh tokens. */
export interface Renewal {
  readonly refreshHash: string;
  readonly sealedSuccessor: string;
  readonly now: Date;
  readonly graceUntil: Date;
  readonly expiresAt: Date;
  readonly network: string | null;
}

/** Sessions of one account: all, some, or all but one. */
export interface SessionSelection {
  readonly accountId: string;
  readonly only?: readonly string[];
  readonly except?: string;
}

const toRecord = (stored: StoredSession): SessionRecord => ({
  id: stored._id,
  accountId: stored.accountId.toHexString(),
  createdAt: stored.createdAt,
  lastUsedAt: stored.lastUsedAt,
  expiresAt: stored.expiresAt,
  device: { browser: stored.device.browser, system: stored.device.system, kind: stored.device.kind },
});

const LIST_LIMIT = 500;

/** Sign-ins that are good right now. */
export class SessionRepository {
  readonly #sessions: Model<StoredSession>;

  private constructor(connection: Connection) {
    this.#sessions = sessionModel(connection);
  }

  static create(connection: Connection): SessionRepository {
    return new SessionRepository(connection);
  }

  async insert({ id, accountId, ...session }: NewSession, transaction: Transaction): Promise<void> {
    const stored = { ...session, _id: id, accountId: toStoredId(accountId), generation: 0 };
    await this.#sessions.create([stored], { session: transaction });
  }

  async live(id: string, now: Date): Promise<SessionRecord | undefined> {
    const found = await this.#sessions.findOne({ _id: id, expiresAt: condition({ $gt: now }) }).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Which of these sessions have not been ended; one of them may be too old. */
  async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#sessions
      .find({ _id: condition({ $in: [...ids] }) })
      .select('_id')
      .lean();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Last used first. */
  async liveOf(accountId: string, now: Date): Promise<SessionRecord[]> {
    const filter = { accountId: toStoredId(accountId), expiresAt: condition({ $gt: now }) };
    return (await this.#sessions.find(filter).sort({ lastUsedAt: -1 }).limit(LIST_LIMIT).lean()).map(toRecord);
  }

  /** Replaces the current refresh token. Of many at once one wins. @returns the session, `undefined` for the others */
  async renew(id: string, currentHash: string, renewal: Renewal): Promise<SessionRecord | undefined> {
    const { now, refreshHash, sealedSuccessor, graceUntil, expiresAt, network } = renewal;
    const found = await this.#sessions
      .findOneAndUpdate(
        { _id: id, refreshHash: currentHash, expiresAt: condition({ $gt: now }) },
        {
          $set: {
            refreshHash,
            previousHash: currentHash,
            sealedSuccessor,
            graceUntil,
            expiresAt,
            lastUsedAt: now,
            renewedAt: now,
            network,
          },
          $inc: { generation: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Takes the previous token once more, within its grace. @returns the session and its sealed successor */
  async useGrace(
    id: string,
    previousHash: string,
    now: Date,
  ): Promise<{ session: SessionRecord; sealedSuccessor: string } | undefined> {
    const found = await this.#sessions
      .findOneAndUpdate(
        { _id: id, previousHash, graceUntil: condition({ $gt: now }), expiresAt: condition({ $gt: now }) },
        { $set: { graceUntil: null } },
        { returnDocument: 'before' },
      )
      .lean();
    const sealedSuccessor = found?.sealedSuccessor ?? null;
    if (found === null || sealedSuccessor === null) return undefined;
    return { session: toRecord(found), sealedSuccessor };
  }

  /** Whether this token was renewed since that moment, by somebody who raced with its holder. */
  async wasRenewedSince(id: string, previousHash: string, since: Date): Promise<boolean> {
    const filter = { _id: id, previousHash, renewedAt: condition({ $gt: since }) };
    return (await this.#sessions.exists(filter)) !== null;
  }

  /** Notes that a session is used, unless a use after `since` is noted already. */
  async touch(id: string, now: Date, since: Date): Promise<void> {
    await this.#sessions.updateOne({ _id: id, lastUsedAt: condition({ $lte: since }) }, { $set: { lastUsedAt: now } });
  }

  /** @returns ids of the sessions that were removed */
  async remove({ accountId, only, except }: SessionSelection, transaction: Transaction): Promise<string[]> {
    const choice = {
      ...(only === undefined ? {} : { $in: [...only] }),
      ...(except === undefined ? {} : { $ne: except }),
    };
    const filter: QueryFilter<StoredSession> = {
      accountId: toStoredId(accountId),
      ...(only === undefined && except === undefined ? {} : { _id: condition(choice) }),
    };
    const found = await this.#sessions.find(filter).select('_id').session(transaction).lean();
    const ids = found.map(({ _id }) => _id);
    if (ids.length > 0) await this.#sessions.deleteMany({ _id: condition({ $in: ids }) }, { session: transaction });
    return ids;
  }
}
