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
}

export interface SignInTicket {
  readonly accountId: string;
  readonly step: SecondStep;
}

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
    const { sealedSecret, confirmedAt, recoveryHashes } = found;
    return { sealedSecret, confirmed: confirmedAt !== null, recoveryCodesLeft: recoveryHashes.length };
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
    proof: { readonly timeStep: number; readonly recoveryHashes: readonly string[]; readonly now: Date },
  ): Promise<boolean> {
    const { modifiedCount } = await this.#factors.updateOne(
      { _id: toStoredId(accountId), sealedSecret, confirmedAt: null },
      { $set: { confirmedAt: proof.now, lastTimeStep: proof.timeStep, recoveryHashes: [...proof.recoveryHashes] } },
    );
    return modifiedCount > 0;
  }

  /** Takes the code of a time step. @returns false when it, or a later one, was taken before */
  async useTimeStep(accountId: string, timeStep: number): Promise<boolean> {
    const { modifiedCount } = await this.#factors.updateOne(
      { _id: toStoredId(accountId), confirmedAt: condition({ $ne: null }), lastTimeStep: condition({ $lt: timeStep }) },
      { $set: { lastTimeStep: timeStep } },
    );
    return modifiedCount > 0;
  }

  /** @returns false when there is no such code (any more) */
  async useRecoveryCode(accountId: string, hash: string): Promise<boolean> {
    const { modifiedCount } = await this.#factors.updateOne(
      { _id: toStoredId(accountId), confirmedAt: condition({ $ne: null }), recoveryHashes: hash },
      { $pull: { recoveryHashes: hash } },
    );
    return modifiedCount > 0;
  }

  /** @returns whether there was one */
  async remove(accountId: string, transaction?: Transaction): Promise<boolean> {
    const options = transaction === undefined ? {} : { session: transaction };
    const { deletedCount } = await this.#factors.deleteOne({ _id: toStoredId(accountId) }, options);
    return deletedCount > 0;
  }

  async issueTicket(hash: string, { accountId, step }: SignInTicket, expiresAt: Date): Promise<void> {
    await this.#tickets.create({ _id: hash, accountId: toStoredId(accountId), step, expiresAt });
  }

  async ticket(hash: string, now: Date): Promise<SignInTicket | undefined> {
    const found = await this.#tickets.findOne({ _id: hash, expiresAt: condition({ $gt: now }) }).lean();
    return found === null ? undefined : { accountId: found.accountId.toHexString(), step: found.step };
  }

  /** Uses a ticket up. @returns false when another request has done it */
  async spendTicket(hash: string): Promise<boolean> {
    const { deletedCount } = await this.#tickets.deleteOne({ _id: hash });
    return deletedCount > 0;
  }

  /** Voids what an earlier password has opened. */
  async removeTickets(accountId: string, transaction: Transaction): Promise<void> {
    await this.#tickets.deleteMany({ accountId: toStoredId(accountId) }, { session: transaction });
  }
}
