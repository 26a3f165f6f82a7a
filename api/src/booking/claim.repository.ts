import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { cellsOf, cellStart } from './cells.ts';
import { claimModel, type ClaimOwner, type StoredClaim } from './claim.model.ts';

/** Time that is taken, of one owner, without gaps. */
export interface TakenTime {
  readonly from: Date;
  readonly to: Date;
  readonly holder: ClaimOwner;
  readonly ownerId: string;
  readonly patientId: string;
}

/** What is to be claimed. */
export interface ClaimOrder {
  readonly owner: ClaimOwner;
  readonly ownerId: string;
  readonly patientId: string;
  readonly from: Date;
  readonly to: Date;
  readonly expiresAt: Date | null;
  /** An owner whose cells may be used with it: the appointment that this one is proposed instead of. */
  readonly beside?: string | null;
}

/** Whose claims are meant: of which appointment or hold, and whose time it has claimed. */
export interface ClaimKey {
  readonly ownerId: string;
  readonly subjectIds: readonly string[];
}

/** Somebody was faster: the cell is theirs. */
export class TimeTaken extends Error {
  override readonly name = 'TimeTaken';
  readonly subjectId: string;

  constructor(subjectId: string) {
    super('This time is taken');
    this.subjectId = subjectId;
  }
}

const claimedBy = ({ ownerId, subjectIds }: ClaimKey) => ({
  subjectId: condition({ $in: subjectIds.map(toStoredId) }),
  ownerId: toStoredId(ownerId),
});

const alive = (now: Date) => condition({ $not: condition({ $lte: now }) });

/** Who has claimed whose time. Claims are made and given back in the transaction of what they are for. */
export class ClaimRepository {
  readonly #claims: Model<StoredClaim>;

  private constructor(connection: Connection) {
    this.#claims = claimModel(connection);
  }

  static create(connection: Connection): ClaimRepository {
    return new ClaimRepository(connection);
  }

  /**
   * Claims time of somebody; holds that have ended give way.
   * @throws TimeTaken when some of it is taken: the transaction is lost then
   */
  async claim(subjectId: string, order: ClaimOrder, now: Date, transaction: Transaction): Promise<void> {
    const subject = toStoredId(subjectId);
    const wanted = cellsOf(order.from, order.to);
    const there = await this.#claims
      .find({ subjectId: subject, cell: condition({ $in: wanted }) })
      .session(transaction)
      .lean();
    const ended = there.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
    const beside = order.beside ?? null;
    const shared = there.filter(({ ownerId }) => beside !== null && ownerId.toHexString() === beside);
    if (there.length > ended.length + shared.length) throw new TimeTaken(subjectId);
    if (ended.length > 0) {
      const ids = ended.map(({ _id }) => _id);
      await this.#claims.deleteMany({ subjectId: subject, _id: condition({ $in: ids }) }, { session: transaction });
    }
    const kept = new Set(shared.map(({ cell }) => cell));
    const facts = {
      subjectId: subject,
      owner: order.owner,
      ownerId: toStoredId(order.ownerId),
      patientId: toStoredId(order.patientId),
      expiresAt: order.expiresAt,
    };
    const documents = wanted.filter((cell) => !kept.has(cell)).map((cell) => ({ ...facts, cell }));
    try {
      if (documents.length > 0) await this.#claims.insertMany(documents, { session: transaction });
    } catch (error) {
      throw isDuplicateKey(error) ? new TimeTaken(subjectId) : error;
    }
  }

  /** Gives back everything that an owner has claimed. */
  async release(owner: ClaimKey, transaction: Transaction): Promise<void> {
    await this.#claims.deleteMany(claimedBy(owner), { session: transaction });
  }

  /** @returns how many cells a hold has kept until now: none when it has ended */
  async prolong(owner: ClaimKey, expiresAt: Date, now: Date, transaction: Transaction): Promise<number> {
    const filter = { ...claimedBy(owner), expiresAt: condition({ $gt: now }) };
    const { matchedCount } = await this.#claims.updateMany(filter, { $set: { expiresAt } }, { session: transaction });
    return matchedCount;
  }

  /** What of somebody's time in [from, to) is taken, in order. Holds that have ended are left out. */
  async takenOf(subjectId: string, from: Date, to: Date, now: Date): Promise<TakenTime[]> {
    const cells = cellsOf(from, to);
    const [first, last] = [cells[0], cells.at(-1)];
    if (first === undefined || last === undefined) return [];
    const found = await this.#claims
      .find({
        subjectId: toStoredId(subjectId),
        cell: condition({ $gte: first, $lte: last }),
        expiresAt: alive(now),
      })
      .sort({ cell: 1 })
      .lean();
    return joined(found);
  }
}

/** Cells of one owner that follow one another are one stretch of time. */
function joined(claims: readonly StoredClaim[]): TakenTime[] {
  const stretches: TakenTime[] = [];
  for (const { cell, owner, ownerId, patientId } of claims) {
    const before = stretches.at(-1);
    const from = cellStart(cell);
    const id = ownerId.toHexString();
    const to = cellStart(cell + 1);
    if (before?.ownerId === id && before.to.getTime() === from.getTime())
      stretches[stretches.length - 1] = { ...before, to };
    else stretches.push({ from, to, holder: owner, ownerId: id, patientId: patientId.toHexString() });
  }
  return stretches;
}
