import { join } from 'node:path';
import { isActive, type DemoAccount } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { PasswordHasher } from '../accounts/password-hasher.ts';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import { doorOf } from '../appointments/door.ts';
import { claimAppointment, releaseAppointment } from '../booking/claim-appointment.ts';
import { TimeTaken, type ClaimRepository } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { Logger } from '../logging/logger.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import type { RatingRepository } from '../ratings/rating.repository.ts';
import type { ReminderRepository } from '../reminders/reminder.repository.ts';
import { writeAtomically } from '../secrets/secret-file.ts';
import type { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';
import { readablePassword } from './password.ts';
import { DEMO_ADMINISTRATOR, DEMO_DOCTORS, DEMO_PATIENTS, DEMO_STAFF } from './people.ts';
import { insertRecord } from './records.ts';
import { demoAppointments, openVisit, openVisitTime } from './timetable.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly appointments: AppointmentRepository;
  readonly relations: CareRelationRepository;
  readonly claims: ClaimRepository;
  readonly reminders: ReminderRepository;
  readonly notes: VisitNoteRepository;
  readonly ratings: RatingRepository;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly config: Pick<Config, 'dataDir' | 'joinEarlyMinutes'>;
  readonly logger: Logger;
}

/** Where the generated passwords are kept, below the data folder. */
export const DEMO_ACCOUNTS_FILE = 'demo-accounts.json';

/**
 * Makes the demonstration hospital in an empty database. In one that has it already, takes care that its first
 * doctor and first patient have an appointment that can be joined right now. Any other database is left alone.
 */
export async function prepareDemo(parts: Parts): Promise<void> {
  if (await parts.accounts.isEmpty()) {
    await createHospital(parts);
    return;
  }
  const [doctor, patient] = await Promise.all([
    parts.accounts.withSecretByEmail(DEMO_DOCTORS[0]?.email ?? ''),
    parts.accounts.withSecretByEmail(DEMO_PATIENTS[0]?.email ?? ''),
  ]);
  if (doctor !== undefined && patient !== undefined) await keepDoorOpen(parts, doctor.id, patient.id);
}

function newAccounts(): DemoAccount[] {
  const account = (role: DemoAccount['role'], { name, email }: { name: string; email: string }): DemoAccount => ({
    role,
    name,
    email,
    password: readablePassword(),
  });
  return [
    ...DEMO_DOCTORS.map((doctor) => account('doctor', doctor)),
    ...DEMO_PATIENTS.map((patient) => account('patient', patient)),
    account('staff', DEMO_STAFF),
    account('administrator', DEMO_ADMINISTRATOR),
  ];
}

async function createHospital(parts: Parts): Promise<void> {
  const people = newAccounts();
  const hashed = await Promise.all(
    people.map(async ({ password, ...account }) => ({ ...account, passwordHash: await parts.hasher.hash(password) })),
  );
  // Written first: an account whose password nobody has would be worse than a file for accounts that were not made.
  const file = join(parts.config.dataDir, DEMO_ACCOUNTS_FILE);
  await writeAtomically(file, `${JSON.stringify(people, null, 2)}\n`);
  const now = parts.clock.now();
  await parts.database.transaction(async (transaction) => {
    const ids = new Map<string, string>();
    const facts = { createdAt: new Date(now), emailConfirmedAt: new Date(now), approvedAt: new Date(now) };
    for (const account of hashed) {
      ids.set(account.email, await parts.accounts.insert({ ...account, ...facts }, transaction));
    }
    const idOf = ({ email }: { email: string }): string => ids.get(email) ?? '';
    await insertProfiles(parts, idOf, transaction);
    const [doctorIds, patientIds] = [DEMO_DOCTORS.map(idOf), DEMO_PATIENTS.map(idOf)];
    const open = { visit: openVisit(doctorIds[0] ?? '', patientIds[0] ?? '', now), note: undefined };
    for (const { visit, note } of [...demoAppointments(doctorIds, patientIds, now), open]) {
      const id = await insertVisit(parts, visit, transaction);
      if (visit.status === 'scheduled') await parts.reminders.plan({ ...visit, id }, new Date(now), transaction);
      await insertRecord(parts, { ...visit, id }, note, transaction);
    }
  });
  parts.logger.info({ accounts: people.length }, 'Made the demonstration hospital');
}

/** Like a booking: an active visit takes up the time of both. */
async function insertVisit(parts: Parts, visit: NewAppointment, transaction: Transaction): Promise<string> {
  const { appointments, relations, claims, clock } = parts;
  await relations.note(visit.patientId, visit.doctorId, transaction);
  const id = await appointments.insert(visit, transaction);
  if (isActive(visit.status)) await claimAppointment(claims, { ...visit, id }, new Date(clock.now()), transaction);
  return id;
}

async function insertProfiles(
  { doctors, patients }: Parts,
  idOf: (person: { email: string }) => string,
  transaction: Transaction,
): Promise<void> {
  for (const doctor of DEMO_DOCTORS) await doctors.insert({ ...doctor.profile, id: idOf(doctor) }, transaction);
  for (const patient of DEMO_PATIENTS) await patients.insert({ ...patient.profile, id: idOf(patient) }, transaction);
}

/** An open appointment whose time is over is moved to now (a call in it goes on); without one, a new one is made. */
async function keepDoorOpen(parts: Parts, doctorId: string, patientId: string): Promise<void> {
  const { appointments, claims, config, logger } = parts;
  const now = parts.clock.now();
  const scheduled = await appointments.scheduledOfPair(doctorId, patientId);
  const open = scheduled.filter((visit) => doorOf(visit, config.joinEarlyMinutes, now).state === 'open');
  if (open.some((visit) => visit.endsAt.getTime() > now)) return;
  const [over] = open;
  try {
    await parts.database.transaction(async (transaction) => {
      if (over === undefined) {
        await insertVisit(parts, openVisit(doctorId, patientId, now), transaction);
        return;
      }
      const time = openVisitTime(now);
      await releaseAppointment(claims, over, transaction);
      await appointments.move(over, time, transaction);
      await claimAppointment(claims, { ...over, ...time }, new Date(now), transaction);
    });
    logger.info('Renewed the demonstration appointment that can be joined now');
  } catch (error) {
    // One of the two has something else at this time; until that is over, it can be joined instead.
    if (!(error instanceof TimeTaken)) throw error;
    logger.info('The demonstration doctor or patient has another appointment right now');
  }
}
