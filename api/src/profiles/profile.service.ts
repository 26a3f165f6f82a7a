import {
  missingInProfile,
  onboardingSchema,
  ProductError,
  type OwnProfile,
  type Profile,
  type ProfileChange,
} from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { DoctorNews } from '../doctors/doctor-news.ts';
import type { DoctorRecord, DoctorRepository } from '../doctors/doctor.repository.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import { requireCan } from '../policy/policy.ts';
import type { PersonRecord, PersonRepository } from './person.repository.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly people: PersonRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly audit: Audit;
  readonly doctorNews: DoctorNews;
}

/** Fields that were given; what was left out is left out here, too. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The own profile (R20, R21): only its owner reads and changes it here (R31). */
export class ProfileService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ProfileService {
    return new ProfileService(parts);
  }

  /** The own profile, and what it lacks. A patient's is part of their record. */
  async own(actor: Actor): Promise<OwnProfile> {
    const { accountId } = actor;
    requireCan(actor, 'profile.view', { ownerId: accountId });
    if (actor.role === 'patient') {
      const facts = { action: 'view', resource: 'profile', resourceId: accountId, patientId: accountId } as const;
      await this.#parts.audit.record(actor, facts);
    }
    return this.#read(actor);
  }

  /**
   * Saves some fields; the others stay as they are.
   * @throws ProductError `forbidden` when the fields are those of another role
   */
  async save(actor: Actor, change: ProfileChange): Promise<OwnProfile> {
    const { database, people, audit } = this.#parts;
    if (change.role !== actor.role) throw new ProductError('forbidden');
    const saved = await database.transaction(async (transaction) => {
      const { name, onboarding } = change;
      const person = given({ name, onboardingSkipped: onboarding && [...new Set(onboarding.skipped)] });
      if (Object.keys(person).length > 0) await people.save(actor.accountId, person, transaction);
      await this.#saveFields(actor.accountId, change, transaction);
      await audit.recordIn(transaction, actor, {
        action: 'change',
        resource: 'profile',
        resourceId: actor.accountId,
        ...(actor.role === 'patient' ? { patientId: actor.accountId } : {}),
      });
      return this.#read(actor, transaction);
    });
    if (actor.role === 'doctor') this.#parts.doctorNews.doctorChanged(actor.accountId);
    return saved;
  }

  /** Keeps the zone that the own browser has told. Nobody typed it, so it is no change of the profile. */
  async saveTimeZone(actor: Actor, timeZone: string): Promise<void> {
    requireCan(actor, 'profile.change', { ownerId: actor.accountId });
    if (timeZone !== actor.timeZone) await this.#parts.people.setTimeZone(actor.accountId, timeZone);
  }

  async #saveFields(id: string, change: ProfileChange, transaction: Transaction): Promise<void> {
    const { doctors, patients } = this.#parts;
    switch (change.role) {
      case 'doctor': {
        const { role: _role, name: _name, onboarding: _onboarding, ...fields } = change;
        await doctors.save(id, given(fields), transaction);
        return;
      }
      case 'patient': {
        const { role: _role, name: _name, onboarding: _onboarding, ...fields } = change;
        await patients.save(id, given(fields), transaction);
        return;
      }
      case 'staff':
      case 'administrator':
        return;
    }
  }

  async #read(actor: Actor, transaction?: Transaction): Promise<OwnProfile> {
    const person = await this.#parts.people.byId(actor.accountId, transaction);
    const doctor = actor.role === 'doctor' ? await this.#parts.doctors.byId(actor.accountId, transaction) : undefined;
    const profile = await this.#profileOf(actor, person, doctor, transaction);
    const missing = missingInProfile(profile);
    if (doctor !== undefined && doctor.unclearZone !== null) missing.push('timeZone');
    return { profile, avatarId: person.avatarId, missing, profileCompleted: missing.length === 0 };
  }

  async #profileOf(
    actor: Actor,
    person: PersonRecord,
    doctor: DoctorRecord | undefined,
    transaction?: Transaction,
  ): Promise<Profile> {
    const { patients } = this.#parts;
    const onboarding = onboardingSchema.parse({ skipped: person.onboardingSkipped });
    const shared = { name: person.name, onboarding };
    switch (actor.role) {
      case 'doctor': {
        const known = doctor ?? EMPTY_DOCTOR;
        const { specialization, qualification, experienceYears, about, languages, contactNumber } = known;
        const { timeZone, schedule } = known;
        const practice = { specialization, qualification, experienceYears, about, languages, contactNumber };
        return { role: 'doctor', ...shared, ...practice, timeZone, schedule };
      }
      case 'patient': {
        const { id: _id, ...patient } = (await patients.byId(actor.accountId, transaction)) ?? EMPTY_PATIENT;
        return { role: 'patient', ...shared, ...patient };
      }
      case 'staff':
      case 'administrator':
        return { role: actor.role, ...shared };
    }
  }
}

const EMPTY_DOCTOR = {
  specialization: '',
  qualification: '',
  experienceYears: null,
  about: '',
  languages: [],
  contactNumber: '',
  timeZone: 'UTC',
  schedule: [],
};
const EMPTY_PATIENT = {
  id: '',
  dateOfBirth: null,
  gender: '',
  contactNumber: '',
  bloodGroup: null,
  allergies: null,
  emergencyContact: [],
};
