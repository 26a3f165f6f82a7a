import { APPOINTMENT_MODES, type Schedule, type WorkingTime } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { knownZone } from '../time-zone.ts';
import { doctorModel, type StoredDoctor } from './doctor.model.ts';

/** A doctor's profile; its id is the id of the account. */
export type DoctorRecord = Omit<StoredDoctor, '_id'> & {
  readonly id: string;
  /**
   * The zone as it is stored, where it means no one place: nobody knows when these hours are, so there are none to be
   * booked until the doctor has chosen another one. `timeZone` is UTC meanwhile.
   */
  readonly unclearZone: string | null;
};

const NO_ZONE = 'UTC';

/** What a profile is made of at first. */
export type NewDoctor = Pick<
  DoctorRecord,
  'id' | 'specialization' | 'qualification' | 'experienceYears' | 'about' | 'languages' | 'contactNumber' | 'timeZone'
> & { readonly schedule: readonly NewWorkingTime[] };

/** Without a word about breaks there are none, and without one about modes there are all. */
export type NewWorkingTime = Pick<WorkingTime, 'weekday' | 'start' | 'end' | 'slotMinutes'> & Partial<WorkingTime>;

const WHOLE = { breakMinutes: 0, modes: [...APPOINTMENT_MODES] };

/** Profiles of doctors. */
export class DoctorRepository {
  readonly #doctors: Model<StoredDoctor>;

  private constructor(connection: Connection) {
    this.#doctors = doctorModel(connection);
  }

  static create(connection: Connection): DoctorRepository {
    return new DoctorRepository(connection);
  }

  /** What is not said has the model's default. */
  async insert({ id, ...profile }: NewDoctor, transaction?: Transaction): Promise<void> {
    const schedule = profile.schedule.map((time) => ({ ...WHOLE, ...time }));
    await this.#doctors.create([{ ...profile, schedule, _id: toStoredId(id) }], { session: transaction ?? null });
  }

  /** The profile of a doctor who has just got an account; everything else is told later. */
  async insertNew(id: string, specialization: string, transaction: Transaction): Promise<void> {
    const profile = { qualification: '', experienceYears: null, about: '', languages: [], contactNumber: '' };
    const timeZone = knownZone(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? NO_ZONE;
    await this.insert({ id, specialization, ...profile, timeZone, schedule: [] }, transaction);
  }

  async byId(id: string, transaction?: Transaction): Promise<DoctorRecord | undefined> {
    const found = await this.#doctors
      .findById(toStoredId(id))
      .session(transaction ?? null)
      .lean();
    if (found === null) return undefined;
    const { _id, timeZone: stored, ...profile } = found;
    const timeZone = knownZone(stored);
    return {
      ...profile,
      id: _id.toHexString(),
      timeZone: timeZone ?? NO_ZONE,
      unclearZone: timeZone === undefined ? stored : null,
    };
  }

  /** Saves some fields; the profile of a doctor is made with the account. */
  async save(id: string, change: Partial<Omit<StoredDoctor, '_id'>>, transaction: Transaction): Promise<void> {
    const options = { session: transaction, runValidators: true };
    await this.#doctors.updateOne({ _id: toStoredId(id) }, { $set: change }, options);
  }

  /** @returns false when the schedule has another version than the one that was changed */
  async saveSchedule(id: string, schedule: Schedule, version: number, transaction: Transaction): Promise<boolean> {
    const { workingTimes, ...rest } = schedule;
    const options = { session: transaction, runValidators: true };
    const unchanged = { _id: toStoredId(id), scheduleVersion: version };
    const update = { $set: { ...rest, schedule: workingTimes }, $inc: { scheduleVersion: 1 } };
    return (await this.#doctors.updateOne(unchanged, update, options)).matchedCount > 0;
  }

  /**
   * Ties a transaction to the schedule that it relies on: of it and one that changes the schedule at the same time, one
   * has to begin anew.
   * @returns false when the schedule has changed already
   */
  async holdSchedule(id: string, version: number, now: Date, transaction: Transaction): Promise<boolean> {
    const unchanged = { _id: toStoredId(id), scheduleVersion: version };
    const { matchedCount } = await this.#doctors.updateOne(
      unchanged,
      { $set: { bookedAt: now } },
      { session: transaction },
    );
    return matchedCount > 0;
  }

  /** Counts a new rating, or a changed one, into the doctor's sum. */
  async countRating(
    id: string,
    added: { readonly sum: number; readonly count: number },
    transaction: Transaction,
  ): Promise<void> {
    const update = { $inc: { ratingSum: added.sum, ratingCount: added.count } };
    await this.#doctors.updateOne({ _id: toStoredId(id) }, update, { session: transaction });
  }

  async remove(id: string, transaction: Transaction): Promise<void> {
    await this.#doctors.deleteOne({ _id: toStoredId(id) }).session(transaction);
  }

  /** Specialization of each doctor by id. */
  async specializations(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const filter = { _id: condition({ $in: [...new Set(ids)].map(toStoredId) }) };
    const found = await this.#doctors.find(filter).select('specialization').lean();
    return new Map(found.map((doctor) => [doctor._id.toHexString(), doctor.specialization]));
  }
}
