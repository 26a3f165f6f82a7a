import { APPOINTMENT_STATUSES, isActive } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { toStoredId, type StoredId } from '../database/ids.ts';
import { appointmentModel, type StoredAppointment } from './appointment.model.ts';
import { careRelationModel, type StoredCareRelation } from './care-relation.model.ts';

/**
 * Which doctors somebody has appointments with. Appointments are kept by doctor, so this says where those of a patient or
 * of a colleague are. It only grows, and decides nothing: who may see what is asked of the appointments themselves.
 */
export class CareRelationRepository {
  readonly #relations: Model<StoredCareRelation>;
  readonly #appointments: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#relations = careRelationModel(connection);
    this.#appointments = appointmentModel(connection);
  }

  static create(connection: Connection): CareRelationRepository {
    return new CareRelationRepository(connection);
  }

  /** The doctors of whose appointments somebody is, or was, the patient or a colleague. */
  async doctorsOf(accountId: string): Promise<StoredId[]> {
    const query = this.#relations.find({ accountId: toStoredId(accountId) }).select({ _id: 0, doctorId: 1 });
    return (await query.lean()).map(({ doctorId }) => doctorId);
  }

  /**
   * Notes that somebody takes part in an appointment of a doctor. It has to stand before the appointment does: a pair
   * too many harms nobody, one that were missing would hide the appointment. Outside of the transaction that books: a
   * thousand bookings at once are not to wait for one more write each, of which most have been made already.
   */
  async note(accountId: string, doctorId: string, transaction?: Transaction): Promise<void> {
    const pair = { accountId: toStoredId(accountId), doctorId: toStoredId(doctorId) };
    const known = this.#relations.exists(pair).session(transaction ?? null);
    if ((await (transaction === undefined ? known.readConcern('majority') : known)) !== null) return;
    const durable =
      transaction === undefined ? ({ writeConcern: { w: 'majority' } } as const) : { session: transaction };
    await this.#relations.updateOne(pair, { $setOnInsert: pair }, { upsert: true, ...durable });
  }

  /**
   * Notes whoever takes part in an active appointment from an instant on and is not noted: a process of a version that
   * knows no such pairs has booked it. Asks all shards; writes only what is missing.
   */
  async noteMissing(from: Date): Promise<void> {
    const isPair = { $and: [{ $eq: ['$accountId', '$$accountId'] }, { $eq: ['$doctorId', '$$doctorId'] }] };
    const known = { from: this.#relations.collection.name, as: 'known', pipeline: [{ $match: { $expr: isPair } }] };
    await this.#appointments.aggregate([
      { $match: { status: { $in: APPOINTMENT_STATUSES.filter(isActive) }, startsAt: { $gte: from } } },
      { $project: { _id: 0, doctorId: 1, accountId: { $concatArrays: [['$patientId'], '$colleagueIds'] } } },
      { $unwind: '$accountId' },
      { $group: { _id: { accountId: '$accountId', doctorId: '$doctorId' } } },
      { $lookup: { ...known, let: { accountId: '$_id.accountId', doctorId: '$_id.doctorId' } } },
      { $match: { known: [] } },
      { $replaceWith: '$_id' },
      { $merge: { into: known.from, on: ['accountId', 'doctorId'], whenMatched: 'keepExisting' } },
    ]);
  }
}
