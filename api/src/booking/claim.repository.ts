import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { cellRange, cellsOf, cellStart } from './cells.ts';
import { claimModel, type ClaimOwner, type StoredClaim } from './claim.model.ts';

/** Time that is taken, of one owner, without gaps. */
export interface TakenTime {
  readonly from: Date;
  readonly to: Date;
  readonly owner: ClaimOwner;
  readonly ownerId: string;
  /** Who keeps it, when it is a hold. */
  readonly heldById: string | null;
}

/** What is to be claimed. */
export interface ClaimOrder {
  readonly owner: ClaimOwner;
  readonly ownerId: string;
  /** Who keeps it, when it is a hold. */
  readonly heldById?: string;
  readonly from: Date;
  readonly to: Date;
  readonly expiresAt: Date | null;
  /** An owner whose cells may be used with it: the appointment instead of which it is chosen or proposed. */
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
  readonly owner: ClaimOwner;

  /** @param others who has it: for appointments somebody is told that they have one, for what is only kept they are not */
  constructor(subjectId: string, others: readonly { readonly owner: ClaimOwner }[]) {
    super('This time is taken');
    this.subjectId = subjectId;
    this.owner = others.some(({ owner }) => owner === 'appointment') ? 'appointment' : 'hold';
  }
}

const claimedBy = ({ ownerId, subjectIds }: ClaimKey) => ({
  subjectId: condition({ $in: subjectIds.map(toStoredId) }),
  ownerId: toStoredId(ownerId),
});

/** A week of somebody who is booked out comes in one answer of the database, not in the first hundred and the rest. */
const AT_ONCE = 5000;

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
   * @returns how many cells belong to the owner now: those that are used with another one do not
   * @throws TimeTaken when some of it is taken: the transaction is lost then
   */
  async claim(subjectId: string, order: ClaimOrder, now: Date, transaction: Transaction): Promise<number> {
    const subject = toStoredId(subjectId);
    const wanted = cellsOf(order.from, order.to);
    const there = await this.#claims
      .find({ subjectId: subject, cell: condition({ $in: wanted }) })
      .session(transaction)
      .lean();
    const beside = order.beside ?? null;
    const hasEnded = ({ expiresAt }: StoredClaim): boolean => expiresAt !== null && expiresAt <= now;
    const isShared = ({ ownerId }: StoredClaim): boolean => beside !== null && ownerId.toHexString() === beside;
    const [ended, shared] = [there.filter(hasEnded), there.filter(isShared)];
    const others = there.filter((claim) => !hasEnded(claim) && !isShared(claim));
    if (others.length > 0) throw new TimeTaken(subjectId, others);
    if (ended.length > 0) {
      const ids = ended.map(({ _id }) => _id);
      await this.#claims.deleteMany({ subjectId: subject, _id: condition({ $in: ids }) }, { session: transaction });
    }
    const kept = new Set(shared.map(({ cell }) => cell));
    const facts = {
      subjectId: subject,
      owner: order.owner,
      ownerId: toStoredId(order.ownerId),
      heldById: order.heldById === undefined ? null : toStoredId(order.heldById),
      expiresAt: order.expiresAt,
    };
    const documents = wanted.filter((cell) => !kept.has(cell)).map((cell) => ({ ...facts, cell }));
    try {
      if (documents.length > 0) await this.#claims.insertMany(documents, { session: transaction });
    } catch (error) {
      throw isDuplicateKey(error) ? new TimeTaken(subjectId, []) : error;
    }
    return documents.length;
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
  async takenOf(subjectId: string, from: Date, to: Date, now: Date, transaction?: Transaction): Promise<TakenTime[]> {
    const { first, end } = cellRange(from, to);
    if (first >= end) return [];
    const found = await this.#claims
      .find({
        subjectId: toStoredId(subjectId),
        cell: condition({ $gte: first, $lt: end }),
        expiresAt: alive(now),
      })
      .sort({ cell: 1 })
      .select({ _id: 0, cell: 1, owner: 1, ownerId: 1, heldById: 1 })
      .batchSize(AT_ONCE)
      .session(transaction ?? null)
      .lean();
    return joined(found);
  }
}

/** Cells of one owner that follow one another are one stretch of time. */
function joined(claims: readonly Pick<StoredClaim, 'cell' | 'owner' | 'ownerId' | 'heldById'>[]): TakenTime[] {
  const stretches: TakenTime[] = [];
  for (const { cell, owner, ownerId, heldById } of claims) {
    const before = stretches.at(-1);
    const from = cellStart(cell);
    const id = ownerId.toHexString();
    const to = cellStart(cell + 1);
    if (before?.ownerId === id && before.to.getTime() === from.getTime())
      stretches[stretches.length - 1] = { ...before, to };
    else stretches.push({ from, to, owner, ownerId: id, heldById: heldById?.toHexString() ?? null });
  }
  return stretches;
}
