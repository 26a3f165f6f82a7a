import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import type { ClaimKey } from './claim.repository.ts';
import { holdModel, type StoredHold } from './hold.model.ts';

/** A slot that is kept for somebody, whether its time is over or not. */
export interface HoldRecord {
  readonly id: string;
  /** Who has chosen it: the doctor or the patient. */
  readonly heldById: string;
  readonly doctorId: string;
  readonly patientId: string;
  /** The appointment for which another time is chosen; `null` for a visit of its own. */
  readonly movesId: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly expiresAt: Date;
  readonly extensionsLeft: number;
  /** How many cells of the two it has claimed. */
  readonly cells: number;
}

/** A hold takes up what the appointment would: the time of both. */
export const claimsOf = ({ id, doctorId, patientId }: Pick<HoldRecord, 'id' | 'doctorId' | 'patientId'>): ClaimKey => ({
  ownerId: id,
  subjectIds: [doctorId, patientId],
});

/** When the slot of a doctor starts that somebody keeps now, if they do. */
export function keptAt(hold: HoldRecord | undefined, doctorId: string, nowMs: number): Date | undefined {
  const isKept = hold?.doctorId === doctorId && hold.expiresAt.getTime() > nowMs;
  return isKept ? hold.startsAt : undefined;
}

/** One hold of the one who keeps it. */
type HoldKey = Pick<HoldRecord, 'id' | 'heldById'>;

const keptBy = ({ id, heldById }: HoldKey) => ({ _id: toStoredId(heldById), holdId: toStoredId(id) });

function toRecord({ _id, holdId, doctorId, patientId, movesId, ...facts }: StoredHold): HoldRecord {
  return {
    ...facts,
    id: holdId.toHexString(),
    heldById: _id.toHexString(),
    doctorId: doctorId.toHexString(),
    patientId: patientId.toHexString(),
    movesId: movesId?.toHexString() ?? null,
  };
}

/** Slots that are kept, one a person. */
export class HoldRepository {
  readonly #holds: Model<StoredHold>;

  private constructor(connection: Connection) {
    this.#holds = holdModel(connection);
  }

  static create(connection: Connection): HoldRepository {
    return new HoldRepository(connection);
  }

  /** What somebody has chosen. */
  async of(accountId: string, transaction?: Transaction): Promise<HoldRecord | undefined> {
    const found = await this.#holds
      .findById(toStoredId(accountId))
      .session(transaction ?? null)
      .lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Keeps a slot in place of the one that was kept before. */
  async put({ id, heldById, ...hold }: HoldRecord, transaction: Transaction): Promise<void> {
    const { doctorId, patientId, movesId, ...facts } = hold;
    const stored = {
      ...facts,
      holdId: toStoredId(id),
      doctorId: toStoredId(doctorId),
      patientId: toStoredId(patientId),
      movesId: movesId === null ? null : toStoredId(movesId),
    };
    await this.#holds.replaceOne({ _id: toStoredId(heldById) }, stored, { session: transaction, upsert: true });
  }

  /** Keeps it until later, at the price of one extension. @returns it as it is then, `undefined` when none is left */
  async prolong(hold: HoldKey, expiresAt: Date, transaction: Transaction): Promise<HoldRecord | undefined> {
    const filter = { ...keptBy(hold), extensionsLeft: condition({ $gt: 0 }) };
    const change = { $set: { expiresAt }, $inc: { extensionsLeft: -1 } };
    const options = { session: transaction, returnDocument: 'after' } as const;
    const found = await this.#holds.findOneAndUpdate(filter, change, options).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Some whose time is over, the oldest first. */
  async ended(now: Date, limit: number): Promise<HoldRecord[]> {
    const filter = { expiresAt: condition({ $lte: now }) };
    return (await this.#holds.find(filter).sort({ expiresAt: 1 }).limit(limit).lean()).map(toRecord);
  }

  /** Removes this one, and no other that its holder may have chosen since. */
  async remove(hold: HoldKey, transaction: Transaction): Promise<void> {
    await this.#holds.deleteOne(keptBy(hold), { session: transaction });
  }
}
