import { randomBytes } from 'node:crypto';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { ratingModel, type StoredRating } from './rating.model.ts';

/** A rating without a word about whose it is. */
export interface RatingRecord {
  readonly id: string;
  readonly rating: number;
  readonly review: string;
  readonly ratedAt: Date;
}

export interface NewRating {
  readonly appointmentId: string;
  readonly doctorId: string;
  readonly rating: number;
  readonly review: string;
  readonly ratedAt: Date;
}

/** Where a list goes on: after the rating with this id. */
interface Page {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const toRecord = ({ _id, rating, review, ratedAt }: StoredRating): RatingRecord => ({
  id: _id.toHexString(),
  rating,
  review,
  ratedAt,
});

/** Ratings as doctors' pages show them. */
export class RatingRepository {
  readonly #ratings: Model<StoredRating>;

  private constructor(connection: Connection) {
    this.#ratings = ratingModel(connection);
  }

  static create(connection: Connection): RatingRepository {
    return new RatingRepository(connection);
  }

  /** A doctor's ratings, newest first. @param page without a cursor from the newest on; after an unknown one, none */
  async ofDoctor(doctorId: string, { cursor, limit }: Page): Promise<RatingRecord[]> {
    const ofDoctor = { doctorId: toStoredId(doctorId) };
    const order = { ratedAt: -1, _id: -1 } as const;
    if (cursor === undefined) return (await this.#ratings.find(ofDoctor).sort(order).limit(limit).lean()).map(toRecord);
    const last = await this.#ratings.findById(toStoredId(cursor)).lean();
    if (last === null) return [];
    const { ratedAt, _id } = last;
    const after = {
      ...ofDoctor,
      ratedAt: condition({ $lte: ratedAt }),
      $or: [{ ratedAt: condition({ $lt: ratedAt }) }, { _id: condition({ $lt: _id }) }],
    };
    return (await this.#ratings.find(after).sort(order).limit(limit).lean()).map(toRecord);
  }

  /** @throws the driver's error when the visit is rated already; `isDuplicateKey` tells */
  async insert({ appointmentId, doctorId, ...rating }: NewRating, transaction: Transaction): Promise<void> {
    const ids = {
      _id: toStoredId(randomBytes(12).toString('hex')),
      appointmentId: toStoredId(appointmentId),
      doctorId: toStoredId(doctorId),
    };
    await this.#ratings.create([{ ...ids, ...rating }], { session: transaction });
  }

  async change(
    appointmentId: string,
    change: Pick<NewRating, 'rating' | 'review'>,
    transaction: Transaction,
  ): Promise<void> {
    const filter = { appointmentId: toStoredId(appointmentId) };
    await this.#ratings.updateOne(filter, { $set: change }, { session: transaction, runValidators: true });
  }
}
