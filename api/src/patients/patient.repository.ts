import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { toStoredId } from '../database/ids.ts';
import { patientModel, type StoredPatient } from './patient.model.ts';

/** A patient's profile; its id is the id of the account. */
export type PatientRecord = Omit<StoredPatient, '_id'> & { readonly id: string };

/** Profiles of patients. */
export class PatientRepository {
  readonly #patients: Model<StoredPatient>;

  private constructor(connection: Connection) {
    this.#patients = patientModel(connection);
  }

  static create(connection: Connection): PatientRepository {
    return new PatientRepository(connection);
  }

  async insert({ id, ...profile }: PatientRecord, transaction?: Transaction): Promise<void> {
    await this.#patients.create([{ ...profile, _id: toStoredId(id) }], { session: transaction ?? null });
  }
}
