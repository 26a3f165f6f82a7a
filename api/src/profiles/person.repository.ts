import type { Connection, Model } from 'mongoose';
import { accountModel, type StoredAccount } from '../accounts/account.model.ts';
import type { Transaction } from '../database/database.ts';
import { toStoredId } from '../database/ids.ts';

/** What every account says of its person, whatever the role. */
export interface PersonRecord {
  readonly name: string;
  readonly onboardingSkipped: readonly string[];
  readonly avatarId: string | null;
}

const FIELDS = 'name onboardingSkipped avatarId';

/** The personal part of accounts. */
export class PersonRepository {
  readonly #accounts: Model<StoredAccount>;

  private constructor(connection: Connection) {
    this.#accounts = accountModel(connection);
  }

  static create(connection: Connection): PersonRepository {
    return new PersonRepository(connection);
  }

  async byId(id: string, transaction?: Transaction): Promise<PersonRecord> {
    const found = await this.#accounts
      .findById(toStoredId(id))
      .select(FIELDS)
      .session(transaction ?? null)
      .orFail()
      .lean();
    return {
      name: found.name,
      // Accounts from before there was onboarding have none of these.
      onboardingSkipped: [...new Set(found.onboardingSkipped)],
      avatarId: found.avatarId?.toHexString() ?? null,
    };
  }

  async save(
    id: string,
    change: Partial<Pick<StoredAccount, 'name' | 'onboardingSkipped'>>,
    transaction: Transaction,
  ): Promise<void> {
    await this.#accounts.updateOne({ _id: toStoredId(id) }, { $set: change }, { session: transaction });
  }

  async setTimeZone(id: string, timeZone: string): Promise<void> {
    await this.#accounts.updateOne({ _id: toStoredId(id) }, { $set: { timeZone } });
  }

  /** @returns the id of the avatar before */
  async setAvatar(id: string, avatarId: string | null, transaction: Transaction): Promise<string | null> {
    const stored = avatarId === null ? null : toStoredId(avatarId);
    const before = await this.#accounts
      .findOneAndUpdate({ _id: toStoredId(id) }, { $set: { avatarId: stored } }, { returnDocument: 'before' })
      .session(transaction)
      .select('avatarId')
      .orFail()
      .lean();
    return before.avatarId?.toHexString() ?? null;
  }
}
