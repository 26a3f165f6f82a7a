import type { AccountStatus, Role } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { accountModel, type StoredAccount } from './account.model.ts';
import { statusOf } from './account-status.ts';
import { accountTerm, type AccountTerm } from './account-words.ts';

/** An account with what has happened to it, without its secret. */
export interface ManagedAccountRecord {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
  readonly status: AccountStatus;
  readonly createdAt: Date;
  readonly emailConfirmedAt: Date | null;
  readonly approvedAt: Date | null;
  readonly disabledAt: Date | null;
}

/** What can happen to an account. */
export type LifecycleChange = Partial<
  Pick<StoredAccount, 'role' | 'emailConfirmedAt' | 'approvedAt' | 'disabledAt' | 'leaving'>
>;

/** An account of which something may still have to be called off: all of it when closed, else that of former roles. */
export type LeavingAccount = Pick<ManagedAccountRecord, 'id' | 'role' | 'status'>;

/** Which accounts are asked for; newest first. */
export interface AccountSearch {
  readonly text: string | undefined;
  readonly role: Role | undefined;
  readonly status: AccountStatus | undefined;
  /** Only those before this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

const PUBLIC_FIELDS = 'role name email status createdAt emailConfirmedAt approvedAt disabledAt';

type PublicFields = Omit<
  StoredAccount,
  'passwordHash' | 'searchWords' | 'onboardingSkipped' | 'avatarId' | 'timeZone' | 'revision'
>;

const toRecord = ({ _id, ...stored }: PublicFields): ManagedAccountRecord => ({
  ...stored,
  id: _id.toHexString(),
});

/** What begins with exactly this text. */
const beginning = (text: string): RegExp => new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)}`);

/** What happens to accounts from sign-up to their end. Only the status that follows from the facts is ever stored. */
export class AccountLifecycleRepository {
  readonly #accounts: Model<StoredAccount>;

  private constructor(connection: Connection) {
    this.#accounts = accountModel(connection);
  }

  static create(connection: Connection): AccountLifecycleRepository {
    return new AccountLifecycleRepository(connection);
  }

  async byId(id: string, transaction?: Transaction): Promise<ManagedAccountRecord | undefined> {
    const found = await this.#accounts
      .findById(toStoredId(id))
      .select(PUBLIC_FIELDS)
      .session(transaction ?? null)
      .lean();
    return found === null ? undefined : toRecord(found);
  }

  /** @param email in canonical form */
  async byEmail(email: string, transaction?: Transaction): Promise<ManagedAccountRecord | undefined> {
    const found = await this.#accounts
      .findOne({ email })
      .select(PUBLIC_FIELDS)
      .session(transaction ?? null)
      .lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Writes down what has happened; the status follows. @returns the account as it is then */
  async change(id: string, change: LifecycleChange, transaction: Transaction): Promise<ManagedAccountRecord> {
    const before = await this.#accounts
      .findById(toStoredId(id))
      .select(PUBLIC_FIELDS)
      .session(transaction)
      .orFail()
      .lean();
    const after = { ...before, ...change };
    const status = statusOf(after);
    await this.#accounts.updateOne({ _id: before._id }, { $set: { ...change, status } }, { session: transaction });
    return toRecord({ ...after, status });
  }

  /**
   * Some accounts of which something may still have to be called off: any of them, so that those that cannot be helped
   * keep nobody waiting.
   */
  async leaving(limit: number): Promise<LeavingAccount[]> {
    const found = await this.#accounts.aggregate<Pick<StoredAccount, '_id' | 'role' | 'status'>>([
      { $match: { leaving: true } },
      { $sample: { size: limit } },
      { $project: { role: 1, status: 1 } },
    ]);
    return found.map(({ _id, ...account }) => ({ ...account, id: _id.toHexString() }));
  }

  /** Nothing is left to be called off of it, as the transaction has found that holds it. */
  async left(id: string, transaction: Transaction): Promise<void> {
    await this.#accounts.updateOne({ _id: toStoredId(id) }, { $set: { leaving: false } }, { session: transaction });
  }

  async setPasswordHash(id: string, passwordHash: string, transaction: Transaction): Promise<void> {
    await this.#accounts.updateOne({ _id: toStoredId(id) }, { $set: { passwordHash } }, { session: transaction });
  }

  /** Takes away an account that was never confirmed; any other is left alone. */
  async removeUnconfirmed(id: string, transaction: Transaction): Promise<void> {
    await this.#accounts.deleteOne({ _id: toStoredId(id), status: 'unconfirmed' }, { session: transaction });
  }

  /** Some accounts that were made before an instant and have not been confirmed since. */
  async unconfirmedSince(before: Date, limit: number): Promise<{ readonly id: string }[]> {
    const found = await this.#accounts
      .find({ status: 'unconfirmed', createdAt: condition({ $lt: before }) })
      .sort({ createdAt: 1 })
      .select('_id')
      .limit(limit)
      .lean();
    return found.map(({ _id }) => ({ id: _id.toHexString() }));
  }

  async hasAdministrator(transaction?: Transaction): Promise<boolean> {
    const found = await this.#accounts
      .findOne({ role: 'administrator' })
      .select('_id')
      .session(transaction ?? null);
    return found !== null;
  }

  async search({ text, role, status, before, limit }: AccountSearch): Promise<ManagedAccountRecord[]> {
    const term = text === undefined || text === '' ? { words: [], addresses: [] } : accountTerm(text);
    if (term === undefined) return [];
    const found = await this.#accounts
      .find({
        ...(role === undefined ? {} : { role }),
        ...(status === undefined ? {} : { status }),
        ...(before === undefined ? {} : { _id: condition({ $lt: toStoredId(before) }) }),
        $and: [{}, ...conditionsOf(term)],
      })
      .select(PUBLIC_FIELDS)
      .sort({ _id: -1 })
      .limit(limit)
      .lean();
    return found.map(toRecord);
  }
}

function conditionsOf({ words, addresses }: AccountTerm): QueryFilter<StoredAccount>[] {
  return [
    ...words.map((ways) => ({ searchWords: condition({ $in: ways.map(beginning) }) })),
    ...addresses.map((address) => ({ email: condition({ $regex: beginning(address) }) })),
  ];
}
