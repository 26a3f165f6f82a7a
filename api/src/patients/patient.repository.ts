import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { patientModel, type StoredPatient } from './patient.model.ts';

/** A patient's profile; its id is the id of the account. */
export type PatientRecord = Omit<StoredPatient, '_id' | 'allergies' | 'allergiesAsked'> & {
  readonly id: string;
  /** `null` until the person has answered. */
  readonly allergies: string[] | null;
};

const storedAllergies = (allergies: string[] | null) => ({
  allergies: allergies ?? [],
  allergiesAsked: allergies !== null,
});

/** Profiles of patients. */
export class PatientRepository {
  readonly #patients: Model<StoredPatient>;

  private constructor(connection: Connection) {
    this.#patients = patientModel(connection);
  }

  static create(connection: Connection): PatientRepository {
    return new PatientRepository(connection);
  }

  async insert({ id, allergies, ...profile }: PatientRecord, transaction?: Transaction): Promise<void> {
    const stored = { ...profile, ...storedAllergies(allergies), _id: toStoredId(id) };
    await this.#patients.create([stored], { session: transaction ?? null });
  }

  /** The profile of a patient who has just got an account; everything else is told later. */
  async insertNew(id: string, dateOfBirth: string | null, transaction: Transaction): Promise<void> {
    await this.#patients.create([{ _id: toStoredId(id), dateOfBirth }], { session: transaction });
  }

  async byId(id: string, transaction?: Transaction): Promise<PatientRecord | undefined> {
    const found = await this.#patients
      .findById(toStoredId(id))
      .session(transaction ?? null)
      .lean();
    if (found === null) return undefined;
    const { _id, allergies, allergiesAsked = false, ...profile } = found;
    // What somebody has named was answered, whenever it was stored.
    const isAnswered = allergiesAsked || allergies.length > 0;
    return { ...profile, id: _id.toHexString(), allergies: isAnswered ? allergies : null };
  }

  /** Birthday of each patient who has told it, by id. */
  async birthDates(ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const filter = { _id: condition({ $in: ids.map(toStoredId) }) };
    const found = await this.#patients.find(filter).select('dateOfBirth').lean();
    return new Map(found.map(({ _id, dateOfBirth }) => [_id.toHexString(), dateOfBirth]));
  }

  /** Saves some fields; makes the profile of somebody who has none yet. */
  async save(
    id: string,
    { allergies, ...change }: Partial<Omit<PatientRecord, 'id'>>,
    transaction: Transaction,
  ): Promise<void> {
    const options = { session: transaction, upsert: true, runValidators: true, setDefaultsOnInsert: true };
    const answer = allergies === undefined ? {} : storedAllergies(allergies);
    await this.#patients.updateOne({ _id: toStoredId(id) }, { $set: { ...change, ...answer } }, options);
  }

  async remove(id: string, transaction: Transaction): Promise<void> {
    await this.#patients.deleteOne({ _id: toStoredId(id) }).session(transaction);
  }
}
