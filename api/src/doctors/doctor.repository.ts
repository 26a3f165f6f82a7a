import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { doctorModel, type StoredDoctor } from './doctor.model.ts';

/** A doctor's profile; its id is the id of the account. */
export type DoctorRecord = Omit<StoredDoctor, '_id'> & { readonly id: string };

/** Profiles of doctors. */
export class DoctorRepository {
  readonly #doctors: Model<StoredDoctor>;

  private constructor(connection: Connection) {
    this.#doctors = doctorModel(connection);
  }

  static create(connection: Connection): DoctorRepository {
    return new DoctorRepository(connection);
  }

  async insert({ id, ...profile }: DoctorRecord, transaction?: Transaction): Promise<void> {
    await this.#doctors.create([{ ...profile, _id: toStoredId(id) }], { session: transaction ?? null });
  }

  /** Specialization of each doctor by id. */
  async specializations(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const filter = { _id: condition({ $in: [...new Set(ids)].map(toStoredId) }) };
    const found = await this.#doctors.find(filter).select('specialization').lean();
    return new Map(found.map((doctor) => [doctor._id.toHexString(), doctor.specialization]));
  }
}
