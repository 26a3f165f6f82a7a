import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import type { ClaimKey } from './claim.repository.ts';
import { holdModel, type StoredHold } from './hold.model.ts';

/** A slot that is kept for a patient, whether its time is over or not. */
export interface HoldRecord {
  readonly id: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly expiresAt: Date;
  readonly extensionsLeft: number;
}

/** Whose time a hold may have claimed. */
export const claimsOf = ({ id, doctorId, patientId }: Pick<HoldRecord, 'id' | 'doctorId' | 'patientId'>): ClaimKey => ({
  ownerId: id,
  subjectIds: [doctorId, patientId],
});

function toRecord({ _id, holdId, doctorId, ...facts }: StoredHold): HoldRecord {
  return { ...facts, id: holdId.toHexString(), patientId: _id.toHexString(), doctorId: doctorId.toHexString() };
}

/** Slots that are kept, one a patient. */
export class HoldRepository {
  readonly #holds: Model<StoredHold>;

  private constructor(connection: Connection) {
    this.#holds = holdModel(connection);
  }

  static create(connection: Connection): HoldRepository {
    return new HoldRepository(connection);
  }

  async ofPatient(patientId: string, transaction?: Transaction): Promise<HoldRecord | undefined> {
    const found = await this.#holds
      .findById(toStoredId(patientId))
      .session(transaction ?? null)
      .lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Keeps a slot in place of the one that was kept before. */
  async put(
    patientId: string,
    hold: Omit<HoldRecord, 'id' | 'patientId'>,
    transaction: Transaction,
  ): Promise<HoldRecord> {
    const holdId = toStoredId(newId());
    const { doctorId, ...facts } = hold;
    const stored = { ...facts, holdId, doctorId: toStoredId(doctorId) };
    await this.#holds.replaceOne({ _id: toStoredId(patientId) }, stored, { session: transaction, upsert: true });
    return toRecord({ _id: toStoredId(patientId), ...stored });
  }

  async prolong(patientId: string, expiresAt: Date, transaction: Transaction): Promise<void> {
    const change = { $set: { expiresAt }, $inc: { extensionsLeft: -1 } };
    await this.#holds.updateOne({ _id: toStoredId(patientId) }, change, { session: transaction });
  }

  /** Some whose time is over, the oldest first. */
  async ended(now: Date, limit: number): Promise<HoldRecord[]> {
    const filter = { expiresAt: condition({ $lte: now }) };
    return (await this.#holds.find(filter).sort({ expiresAt: 1 }).limit(limit).lean()).map(toRecord);
  }

  async remove(patientId: string, transaction: Transaction): Promise<void> {
    await this.#holds.deleteOne({ _id: toStoredId(patientId) }, { session: transaction });
  }
}
