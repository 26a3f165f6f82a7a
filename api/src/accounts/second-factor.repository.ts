import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import {
  secondFactorModel,
  signInTicketModel,
  type SecondStep,
  type StoredSecondFactor,
  type StoredSignInTicket,
} from './second-factor.model.ts';

export interface SecondFactorRecord {
  readonly sealedSecret: string;
  readonly confirmed: boolean;
  readonly recoveryCodesLeft: number;
  /** Another authenticator that is being set up in place of this one. */
  readonly next: { readonly sealedSecret: string; readonly expiresAt: Date } | undefined;
}

/** What a new authenticator has proved, and its recovery codes. */
export interface SecondFactorProof {
  readonly timeStep: number;
  readonly recoveryHashes: readonly string[];
  readonly now: Date;
}

export interface SignInTicket {
  readonly accountId: string;
  readonly step: SecondStep;
  /** Of the password that was right when it was issued. */
  readonly passwordMark: string;
}

const confirmedOf = (accountId: string) => ({
  _id: toStoredId(accountId),
  confirmedAt: condition({ $ne: null }),
});

/** Authenticators and tickets. Each use of a code is one atomic change: of two at once, one is taken. */
export class SecondFactorRepository {
  readonly #factors: Model<StoredSecondFactor>;
  readonly #tickets: Model<StoredSignInTicket>;

  private constructor(connection: Connection) {
    this.#factors = secondFactorModel(connection);
    this.#tickets = signInTicketModel(connection);
  }

  static create(connection: Connection): SecondFactorRepository {
    return new SecondFactorRepository(connection);
  }

  async of(accountId: string): Promise<SecondFactorRecord | undefined> {
    const found = await this.#factors.findById(toStoredId(accountId)).lean();
    if (found === null) return undefined;
    const { sealedSecret, confirmedAt, recoveryHashes, next } = found;
    return {
      sealedSecret,
      confirmed: confirmedAt !== null,
      recoveryCodesLeft: recoveryHashes.length,
      next: next ?? undefined,
    };
  }

  /** Which of these accounts have a second factor. */
  async confirmedAmong(accountIds: readonly string[]): Promise<ReadonlySet<string>> {
    const filter = { _id: condition({ $in: accountIds.map(toStoredId) }), confirmedAt: condition({ $ne: null }) };
    const found = await this.#factors.find(filter).select('_id').lean();
    return new Set(found.map(({ _id }) => _id.toHexString()));
  }

  /** Keeps a secret that is not confirmed yet. @returns false when the account has a confirmed one */
  async begin(accountId: string, sealedSecret: string): Promise<boolean> {
    const fresh = { sealedSecret, lastTimeStep: -1, recoveryHashes: [] };
    try {
      await this.#factors.updateOne(
        { _id: toStoredId(accountId), confirmedAt: null },
        { $set: fresh },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** @returns false when it was confirmed or begun anew meanwhile */
  async confirm(
    accountId: string,
    sealedSecret: string,
    { timeStep, recoveryHashes, now }: SecondFactorProof,
    transaction: Transaction,
  ): Promise<boolean> {
    const { modifiedCount } = await this.#factors.updateOne(
      { _id: toStoredId(accountId), sealedSecret, confirmedAt: null },
      { $set: { confirmedAt: now, lastTimeStep: timeStep, recoveryHashes: [...recoveryHashes] } },
      { session: transaction },
    );
    return modifiedCount > 0;
  }

  /** Keeps the secret of another authenticator beside the confirmed one. @returns false without a confirmed one */
  async beginReplacement(accountId: string, sealedSecret: string, expiresAt: Date): Promise<boolean> {
    const { matchedCount } = await this.#factors.updateOne(confirmedOf(accountId), {
      $set: { next: { sealedSecret, expiresAt } },
    });
    return matchedCount > 0;
  }

  /** Puts the other authenticator in place of the confirmed one. @returns false when it was begun anew meanwhile */
  async replace(
    accountId: string,
    sealedSecret: string,
    { timeStep, recoveryHashes, now }: SecondFactorProof,
    transaction: Transaction,
  ): Promise<boolean> {
    const proved = { sealedSecret, confirmedAt: now, lastTimeStep: timeStep, recoveryHashes: [...recoveryHashes] };
    const { modifiedCount } = await this.#factors.updateOne(
      { ...confirmedOf(accountId), 'next.sealedSecret': sealedSecret },
      { $set: { ...proved, next: null } },
      { session: transaction },
    );
    return modifiedCount > 0;
  }

  /** Puts new recovery codes in place of all of before. @returns false without a confirmed second factor */
  async renewRecoveryCodes(
    accountId: string,
    recoveryHashes: readonly string[],
    transaction: Transaction,
  ): Promise<boolean> {
    const { matchedCount } = await this.#factors.updateOne(
      confirmedOf(accountId),
      { $set: { recoveryHashes: [...recoveryHashes] } },
      { session: transaction },
    );
    return matchedCount > 0;
  }

  /** Takes the code of a time step. @returns false when it, or a later one, was taken before */
  async useTimeStep(accountId: string, timeStep: number): Promise<boolean> {
    const { modifiedCount } = await this.#factors.updateOne(
      { ...confirmedOf(accountId), lastTimeStep: condition({ $lt: timeStep }) },
      { $set: { lastTimeStep: timeStep } },
    );
    return modifiedCount > 0;
  }

  /** @returns false when there is no such code (any more) */
  async useRecoveryCode(accountId: string, hash: string): Promise<boolean> {
    const { modifiedCount } = await this.#factors.updateOne(
      { ...confirmedOf(accountId), recoveryHashes: hash },
      { $pull: { recoveryHashes: hash } },
    );
    return modifiedCount > 0;
  }

  /** @returns whether there was a confirmed one */
  async remove(accountId: string, transaction: Transaction): Promise<boolean> {
    const { deletedCount } = await this.#factors.deleteOne(confirmedOf(accountId), { session: transaction });
    return deletedCount > 0;
  }

  async issueTicket(hash: string, { accountId, ...ticket }: SignInTicket, expiresAt: Date): Promise<void> {
    await this.#tickets.create({ ...ticket, _id: hash, accountId: toStoredId(accountId), expiresAt });
  }

  async ticket(hash: string, now: Date): Promise<SignInTicket | undefined> {
    const found = await this.#tickets.findOne({ _id: hash, expiresAt: condition({ $gt: now }) }).lean();
    if (found === null) return undefined;
    const { accountId, step, passwordMark } = found;
    return { accountId: accountId.toHexString(), step, passwordMark };
  }

  /** Uses a ticket up. @returns false when another request has done it */
  async spendTicket(hash: string, transaction: Transaction): Promise<boolean> {
    const { deletedCount } = await this.#tickets.deleteOne({ _id: hash }, { session: transaction });
    return deletedCount > 0;
  }

  /** Voids what an earlier password has opened. */
  async removeTickets(accountId: string, transaction: Transaction): Promise<void> {
    await this.#tickets.deleteMany({ accountId: toStoredId(accountId) }, { session: transaction });
  }
}
