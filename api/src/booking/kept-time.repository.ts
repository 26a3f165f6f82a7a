import { HOLD_EXTENSION_MINUTES, HOLD_EXTENSIONS, HOLD_MINUTES } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { keptTimeModel, type StoredKeptTime } from './kept-time.model.ts';

const MINUTE_MS = 60_000;
/** For how long one person keeps one slot from others, in all. */
export const KEPT_AT_MOST_MS = (HOLD_MINUTES + HOLD_EXTENSIONS * HOLD_EXTENSION_MINUTES) * MINUTE_MS;
/** What was kept is forgotten this long after it was kept last: so in no hour anybody keeps a slot for more than half. */
const FORGOTTEN_AFTER_MS = 30 * MINUTE_MS;

/** Who keeps which slot. */
interface KeptSlot {
  readonly heldById: string;
  readonly doctorId: string;
  readonly startsAt: Date;
}

const idOf = ({ heldById, doctorId, startsAt }: KeptSlot): string => `${heldById}:${doctorId}:${startsAt.getTime()}`;

/**
 * For how long people have kept slots: giving one back and choosing it again starts nothing anew. Time is counted when
 * it is promised; what is given back early is taken off again.
 */
export class KeptTimeRepository {
  readonly #times: Model<StoredKeptTime>;

  private constructor(connection: Connection) {
    this.#times = keptTimeModel(connection);
  }

  static create(connection: Connection): KeptTimeRepository {
    return new KeptTimeRepository(connection);
  }

  /** For how much longer, in ms, somebody may keep a slot. */
  async leftOf(slot: KeptSlot, now: Date, transaction?: Transaction): Promise<number> {
    const found = await this.#times
      .findById(idOf(slot))
      .session(transaction ?? null)
      .lean();
    const usedMs = found === null || found.expiresAt <= now ? 0 : found.usedMs;
    return Math.max(0, KEPT_AT_MOST_MS - usedMs);
  }

  /**
   * Counts time that was promised, or with a negative number given back.
   * @param until when the slot is free again
   */
  async count(slot: KeptSlot, ms: number, until: Date, now: Date, transaction: Transaction): Promise<void> {
    const left = await this.leftOf(slot, now, transaction);
    const usedMs = Math.min(KEPT_AT_MOST_MS, Math.max(0, KEPT_AT_MOST_MS - left + ms));
    const expiresAt = new Date(until.getTime() + FORGOTTEN_AFTER_MS);
    const change = { $set: { usedMs, expiresAt } };
    await this.#times.updateOne({ _id: idOf(slot) }, change, { session: transaction, upsert: true });
  }
}
