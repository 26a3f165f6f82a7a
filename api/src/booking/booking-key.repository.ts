import { createHash } from 'node:crypto';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { toStoredId } from '../database/ids.ts';
import { bookingKeyModel, type StoredBookingKey } from './booking-key.model.ts';

/** How long a request can be repeated; longer than anybody tries again by themselves. */
const KEY_LIFETIME_MS = 48 * 60 * 60_000;

/** The same request is under way, or was done, in another transaction. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken';
}

/** A request for an appointment, by which a repetition is recognized. */
export class BookingKey {
  readonly id: string;
  readonly fingerprint: string;

  private constructor(id: string, fingerprint: string) {
    this.id = id;
    this.fingerprint = fingerprint;
  }

  /** @param wanted everything that was asked for, without the key itself */
  static of(accountId: string, key: string, wanted: readonly unknown[]): BookingKey {
    const fingerprint = createHash('sha256').update(JSON.stringify(wanted)).digest('base64url');
    return new BookingKey(`${accountId}:${key}`, fingerprint);
  }
}

/** Requests that were done, by their keys. */
export class BookingKeyRepository {
  readonly #keys: Model<StoredBookingKey>;

  private constructor(connection: Connection) {
    this.#keys = bookingKeyModel(connection);
  }

  static create(connection: Connection): BookingKeyRepository {
    return new BookingKeyRepository(connection);
  }

  /** What was made under a key, and whether it was the same request. */
  async find(key: BookingKey): Promise<{ appointmentId: string; same: boolean } | undefined> {
    const found = await this.#keys.findById(key.id).lean();
    if (found === null) return undefined;
    return { appointmentId: found.appointmentId.toHexString(), same: found.fingerprint === key.fingerprint };
  }

  /** @throws KeyTaken when there is one already: the transaction is lost then */
  async insert(key: BookingKey, appointmentId: string, now: Date, transaction: Transaction): Promise<void> {
    const expiresAt = new Date(now.getTime() + KEY_LIFETIME_MS);
    const { id: _id, fingerprint } = key;
    const document = { _id, fingerprint, appointmentId: toStoredId(appointmentId), expiresAt };
    try {
      await this.#keys.create([document], { session: transaction });
    } catch (error) {
      throw isDuplicateKey(error) ? new KeyTaken() : error;
    }
  }
}
