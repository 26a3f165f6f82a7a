import type { Connection, Model, QueryFilter } from 'mongoose';
import { archivedAppointmentModel } from '../archive/archived-appointment.model.ts';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { BY_ID, inArchive, inUse, type AppointmentKey } from './appointment-keys.ts';
import { appointmentModel, type StoredAppointment, type StoredEvent } from './appointment.model.ts';
import { LEFT_OUT, toRecord, type AppointmentRecord } from './appointment-record.ts';

/** What an appointment tells of its note and its rating. */
type VisitFacts = Partial<Pick<StoredAppointment, 'noteState' | 'noteShared' | 'rating' | 'review' | 'ratedAt'>>;

/**
 * What becomes known of a visit besides its status. Its version stays as it is: nothing that somebody may do to the
 * appointment depends on it, and a patient must not be able to tell from it that a draft was begun.
 */
export class VisitFactsRepository {
  readonly #appointments: Model<StoredAppointment>;
  readonly #archived: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#appointments = appointmentModel(connection);
    this.#archived = archivedAppointmentModel(connection);
  }

  static create(connection: Connection): VisitFactsRepository {
    return new VisitFactsRepository(connection);
  }

  /** Saves them, also of an archived appointment. @returns it as it is then, `undefined` when there is none */
  async save(key: AppointmentKey, facts: VisitFacts, transaction: Transaction): Promise<AppointmentRecord | undefined> {
    const options = { session: transaction, returnDocument: 'after', runValidators: true, hint: BY_ID } as const;
    const places = [
      [this.#appointments, inUse(key)],
      [this.#archived, inArchive(key)],
    ] as const;
    for (const [collection, filter] of places) {
      const found = await collection.findOneAndUpdate(filter, { $set: facts }, options).select(LEFT_OUT).lean();
      if (found !== null) return toRecord(found);
    }
    return undefined;
  }

  /**
   * Counts a visit as one at which the two met, unless it does already or is in the archive. It is over from then on: so
   * its patient has as long to rate it as after any other one. @returns it as it is then
   */
  async countAsMet(
    key: AppointmentKey,
    event: StoredEvent,
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const filter = { ...inUse(key), status: 'completed', outcome: 'missed' } as const;
    const change = {
      $set: { outcome: 'met' as const, closedAt: event.at },
      $inc: { version: 1 },
      $push: { events: event },
    };
    const options = { session: transaction, returnDocument: 'after', hint: BY_ID } as const;
    const found = await this.#appointments.findOneAndUpdate(filter, change, options).select(LEFT_OUT).lean();
    return found === null ? undefined : toRecord(found);
  }

  /**
   * A doctor's visits whose note is still to be signed, the latest first: those at which the two met, those that are
   * over and not ended yet, and those that count as missed but have a draft. Those of the archive come last.
   */
  async unsignedOf(doctorId: string, now: Date, limit: number): Promise<AppointmentRecord[]> {
    const open = { doctorId: toStoredId(doctorId), noteState: condition({ $in: ['none', 'draft'] as const }) };
    const met: QueryFilter<StoredAppointment> = { ...open, status: 'completed', outcome: 'met' };
    const over: QueryFilter<StoredAppointment> = {
      ...open,
      status: 'scheduled',
      outcome: null,
      startsAt: condition({ $lt: now }),
      endsAt: condition({ $lte: now }),
    };
    const missed: QueryFilter<StoredAppointment> = {
      ...open,
      noteState: 'draft',
      status: 'completed',
      outcome: 'missed',
    };
    const inUse = await this.#latest(this.#appointments, { $or: [met, over, missed] }, limit);
    const left = limit - inUse.length;
    // A visit with a draft is not archived, but a note can be begun on one that is.
    return left === 0 ? inUse : [...inUse, ...(await this.#latest(this.#archived, { $or: [met, missed] }, left))];
  }

  async #latest(
    collection: Model<StoredAppointment>,
    filter: QueryFilter<StoredAppointment>,
    limit: number,
  ): Promise<AppointmentRecord[]> {
    const query = collection.find(filter).sort({ startsAt: -1 }).limit(limit);
    return (await query.select(LEFT_OUT).lean()).map(toRecord);
  }
}
