import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { linkSecretHash, newLinkSecret } from './link-secret.ts';
import { linkTokenModel, type LinkPurpose, type StoredLinkToken } from './link-token.model.ts';

const live = (token: string, purpose: LinkPurpose, now: Date) => ({
  _id: linkSecretHash(token),
  purpose,
  expiresAt: condition({ $gt: now }),
});

/** One-use links to accounts. */
export class LinkTokenRepository {
  readonly #tokens: Model<StoredLinkToken>;

  private constructor(connection: Connection) {
    this.#tokens = linkTokenModel(connection);
  }

  static create(connection: Connection): LinkTokenRepository {
    return new LinkTokenRepository(connection);
  }

  /**
   * Makes a link's token. Earlier ones for the same purpose stay good: anybody may ask for one, and would else void, again
   * and again, what its owner is about to use.
   * @returns the token, which is not stored
   */
  async issue(
    accountId: string,
    purpose: LinkPurpose,
    times: { readonly now: Date; readonly lifetimeMs: number },
    transaction: Transaction,
  ): Promise<string> {
    const token = newLinkSecret();
    const stored: StoredLinkToken = {
      _id: linkSecretHash(token),
      purpose,
      accountId: toStoredId(accountId),
      createdAt: times.now,
      expiresAt: new Date(times.now.getTime() + times.lifetimeMs),
    };
    await this.#tokens.create([stored], { session: transaction });
    return token;
  }

  /** Whose a token is, without using it. @returns `undefined` when the token is unknown, used or too old */
  async holder(token: string, purpose: LinkPurpose, now: Date): Promise<string | undefined> {
    const found = await this.#tokens.findOne(live(token, purpose, now)).lean();
    return found?.accountId.toHexString();
  }

  /** Uses a token up. @returns the account, or `undefined` when the token is unknown, used or too old */
  async use(token: string, purpose: LinkPurpose, now: Date, transaction: Transaction): Promise<string | undefined> {
    const found = await this.#tokens
      .findOneAndDelete(live(token, purpose, now))
      .session(transaction)
      .lean();
    return found?.accountId.toHexString();
  }

  /** When a link for this purpose was made last, if since. */
  async issuedSince(
    accountId: string,
    purpose: LinkPurpose,
    since: Date,
    transaction: Transaction,
  ): Promise<Date | undefined> {
    const filter = { accountId: toStoredId(accountId), purpose, createdAt: condition({ $gt: since }) };
    const found = await this.#tokens.findOne(filter).sort({ createdAt: -1 }).session(transaction).lean();
    return found?.createdAt;
  }

  /** Gives the tokens of one account to the one that has taken its place. */
  async handOver(from: string, to: string, purpose: LinkPurpose, transaction: Transaction): Promise<void> {
    const filter = { accountId: toStoredId(from), purpose };
    await this.#tokens.updateMany(filter, { $set: { accountId: toStoredId(to) } }, { session: transaction });
  }

  async void(accountId: string, purposes: readonly LinkPurpose[], transaction: Transaction): Promise<void> {
    const filter = { accountId: toStoredId(accountId), purpose: condition({ $in: [...purposes] }) };
    await this.#tokens.deleteMany(filter).session(transaction);
  }
}
