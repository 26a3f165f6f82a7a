import type { Connection, Model, QueryFilter } from 'mongoose';
import { archivedAppointmentModel } from '../archive/archived-appointment.model.ts';
import type { Transaction } from '../database/database.ts';
import { toStoredId } from '../database/ids.ts';
import { appointmentModel, type StoredAppointment } from './appointment.model.ts';
import { LEFT_OUT, toRecord, type AppointmentRecord } from './appointment.repository.ts';

/** What an appointment tells of its note and its rating. */
type VisitFacts = Partial<Pick<StoredAppointment, 'noteState' | 'noteShared' | 'rating' | 'review' | 'ratedAt'>>;

/**
 * What becomes known of a visit besides its status. Its version stays as it is: nothing that somebody may do to the
 * appointment depends on it, and a patient must not be able to tell from it that a draft was begun.
 */
export class VisitFactsRepository {
  readonly #collections: readonly Model<StoredAppointment>[];

  private constructor(connection: Connection) {
    this.#collections = [appointmentModel(connection), archivedAppointmentModel(connection)];
  }

  static create(connection: Connection): VisitFactsRepository {
    return new VisitFactsRepository(connection);
  }

  /** Saves them, also of an archived appointment. @returns it as it is then, `undefined` when there is none */
  async save(id: string, facts: VisitFacts, transaction: Transaction): Promise<AppointmentRecord | undefined> {
    const filter: QueryFilter<StoredAppointment> = { _id: toStoredId(id) };
    const options = { session: transaction, returnDocument: 'after', runValidators: true } as const;
    for (const collection of this.#collections) {
      const found = await collection.findOneAndUpdate(filter, { $set: facts }, options).select(LEFT_OUT).lean();
      if (found !== null) return toRecord(found);
    }
    return undefined;
  }
}
