import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { toStoredId, type StoredId } from '../database/ids.ts';
import { careRelationModel, type StoredCareRelation } from './care-relation.model.ts';

/**
 * Which doctors somebody has appointments with. Appointments are kept by doctor, so this says where those of a patient or
 * of a colleague are. It is written with the appointment, only grows, and decides nothing: who may see what is asked of
 * the appointments themselves.
 */
export class CareRelationRepository {
  readonly #relations: Model<StoredCareRelation>;

  private constructor(connection: Connection) {
    this.#relations = careRelationModel(connection);
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
   * Notes that somebody takes part in an appointment of a doctor. Most pairs are known: then nothing is written, so that
   * bookings at the same time do not get in each other's way.
   */
  async note(accountId: StoredId, doctorId: StoredId, transaction?: Transaction): Promise<void> {
    const pair = { accountId, doctorId };
    const session = transaction ?? null;
    if ((await this.#relations.exists(pair).session(session)) !== null) return;
    await this.#relations.updateOne(pair, { $setOnInsert: pair }, { upsert: true }).session(session);
  }
}
