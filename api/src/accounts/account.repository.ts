import type { AccountStatus, Role } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { knownZone } from '../time-zone.ts';
import { statusOf } from './account-status.ts';
import { accountModel, type StoredAccount } from './account.model.ts';

/** An account without its secret. */
export interface AccountRecord {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
  readonly status: AccountStatus;
  readonly avatarId: string | null;
  /** The zone of the browser that was last used, as far as one has told it. */
  readonly timeZone: string | null;
}

/** Account and secret together, for the one who checks passwords. */
export interface AccountWithSecret extends AccountRecord {
  readonly passwordHash: string;
}

/** A new account; its status follows from what has happened to it. */
export type NewAccount = Omit<AccountWithSecret, 'id' | 'status' | 'avatarId' | 'timeZone'> &
  Pick<StoredAccount, 'createdAt' | 'emailConfirmedAt' | 'approvedAt'>;

type StoredFacts = Pick<StoredAccount, '_id' | 'role' | 'name' | 'email' | 'status' | 'avatarId' | 'timeZone'>;

const FIELDS = 'role name email status avatarId timeZone';

const toRecord = ({ _id, role, name, email, status, avatarId, timeZone }: StoredFacts): AccountRecord => ({
  id: _id.toHexString(),
  role,
  name,
  email,
  status,
  avatarId: avatarId?.toHexString() ?? null,
  timeZone: knownZone(timeZone) ?? null,
});

/** Accounts of all roles. The password hash leaves by one method only (R33). */
export class AccountRepository {
  readonly #accounts: Model<StoredAccount>;

  private constructor(connection: Connection) {
    this.#accounts = accountModel(connection);
  }

  static create(connection: Connection): AccountRepository {
    return new AccountRepository(connection);
  }

  async byId(id: string): Promise<AccountRecord | undefined> {
    const found = await this.#accounts.findById(toStoredId(id)).select(FIELDS).lean();
    return found === null ? undefined : toRecord(found);
  }

  async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, AccountRecord>> {
    const filter = { _id: condition({ $in: [...new Set(ids)].map(toStoredId) }) };
    const found = await this.#accounts.find(filter).select(FIELDS).lean();
    return new Map(found.map((account) => [account._id.toHexString(), toRecord(account)]));
  }

  /** @param email in canonical form */
  async withSecretByEmail(email: string): Promise<AccountWithSecret | undefined> {
    const found = await this.#accounts.findOne({ email }).lean();
    return found === null ? undefined : { ...toRecord(found), passwordHash: found.passwordHash };
  }

  async withSecretById(id: string): Promise<AccountWithSecret | undefined> {
    const found = await this.#accounts.findById(toStoredId(id)).lean();
    return found === null ? undefined : { ...toRecord(found), passwordHash: found.passwordHash };
  }

  /**
   * The account for a transaction that depends on it. Of this transaction and one that changes the account meanwhile
   * (password, role, disabled), one has to begin anew and sees what the other did.
   */
  async hold(id: string, transaction: Transaction): Promise<AccountWithSecret | undefined> {
    const found = await this.#accounts
      .findByIdAndUpdate(toStoredId(id), { $inc: { revision: 1 } }, { returnDocument: 'after' })
      .session(transaction)
      .lean();
    return found === null ? undefined : { ...toRecord(found), passwordHash: found.passwordHash };
  }

  /** Replaces a hash by a better one of the same password. @returns false when it was changed meanwhile */
  async renewPasswordHash(id: string, from: string, to: string): Promise<boolean> {
    const unchanged = { _id: toStoredId(id), passwordHash: from };
    const { modifiedCount } = await this.#accounts.updateOne(unchanged, { $set: { passwordHash: to } });
    return modifiedCount > 0;
  }

  /** Everybody whom patients can be shown as a doctor. */
  async activeDoctorIds(): Promise<string[]> {
    const found = await this.#accounts.find({ role: 'doctor', status: 'active' }).select('_id').lean();
    return found.map(({ _id }) => _id.toHexString());
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#accounts.exists({})) === null;
  }

  /** @returns the id of the new account */
  async insert(account: NewAccount, transaction?: Transaction): Promise<string> {
    const id = newId();
    const facts = { ...account, disabledAt: null };
    const stored = { ...facts, status: statusOf(facts), _id: toStoredId(id) };
    await this.#accounts.create([stored], { session: transaction ?? null });
    return id;
  }
}
