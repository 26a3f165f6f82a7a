import mongoose, { type Connection } from 'mongoose';
import {
  BOOKED_OUT_DOCTORS,
  bookedOutTimes,
  busyDoctors,
  doctorFacts,
  FURTHEST_DAYS,
  patientName,
  visitOf,
  VISITS_OF_DOCTOR,
  type HospitalSize,
  type Visit,
} from './hospital.ts';

const { ObjectId } = mongoose.Types;
type Id = mongoose.Types.ObjectId;

const BATCH = 2000;
const CELL_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Ids of a kind in order, so that a number names a person. */
const idOf = (kind: number, number: number): Id =>
  new ObjectId(`${kind.toString(16).padStart(8, '0')}${number.toString(16).padStart(16, '0')}`);
const DOCTOR = 0xd0c;
const PATIENT = 0xba7;
const VISIT = 0x715;

export const doctorId = (doctor: number): string => idOf(DOCTOR, doctor).toHexString();
export const patientId = (patient: number): string => idOf(PATIENT, patient).toHexString();
export const doctorEmail = (doctor: number): string => `doctor.${doctor}@bench.example`;
export const patientEmail = (patient: number): string => `patient.${patient}@bench.example`;

/** Writes documents in batches, as fast as the database takes them. */
async function write(connection: Connection, name: string, documents: Iterable<object>): Promise<void> {
  const collection = connection.collection(name);
  let batch: object[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0)
      await collection.insertMany(batch, { ordered: false, writeConcern: { w: 1, journal: false } });
    batch = [];
  };
  for (const document of documents) {
    batch.push(document);
    if (batch.length === BATCH) await flush();
  }
  await flush();
}

function* accounts(size: HospitalSize, passwordHash: string, now: Date): Generator<object> {
  const shared = {
    passwordHash,
    status: 'active',
    createdAt: now,
    emailConfirmedAt: now,
    approvedAt: now,
    disabledAt: null,
    onboardingSkipped: [],
    avatarId: null,
    revision: 0,
  };
  for (let doctor = 0; doctor < size.doctors + BOOKED_OUT_DOCTORS; doctor += 1) {
    const { name } = doctorFacts(doctor);
    yield { _id: idOf(DOCTOR, doctor), role: 'doctor', name, email: doctorEmail(doctor), ...shared };
  }
  for (let patient = 0; patient < size.patients; patient += 1) {
    const name = patientName(patient);
    yield { _id: idOf(PATIENT, patient), role: 'patient', name, email: patientEmail(patient), ...shared };
  }
}

function* doctors({ doctors: count }: HospitalSize): Generator<object> {
  const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    start: '09:00',
    end: '17:00',
    slotMinutes: 20,
    breakMinutes: 0,
    modes: ['video', 'chat'],
  }));
  for (let doctor = 0; doctor < count + BOOKED_OUT_DOCTORS; doctor += 1) {
    const { name: _name, ...facts } = doctorFacts(doctor);
    yield {
      _id: idOf(DOCTOR, doctor),
      ...facts,
      contactNumber: '',
      schedule: hours,
      exceptions: [],
      minimumNoticeMinutes: 60,
      furthestDays: FURTHEST_DAYS,
      confirmation: 'manual',
      scheduleVersion: 0,
      bookedAt: null,
      ratingSum: 40,
      ratingCount: 10,
    };
  }
}

function* patients({ patients: count }: HospitalSize): Generator<object> {
  for (let patient = 0; patient < count; patient += 1) {
    yield {
      _id: idOf(PATIENT, patient),
      dateOfBirth: '1980-01-31',
      gender: '',
      contactNumber: '',
      bloodGroup: null,
      allergies: ['Penicillin'],
      emergencyContact: [],
    };
  }
}

/** Every visit with its id, the same ones each time. */
function* visits(size: HospitalSize, now: Date): Generator<{ id: Id; visit: Visit }> {
  const todayMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  for (let doctor = 0; doctor < busyDoctors(size); doctor += 1) {
    for (let number = 0; number < VISITS_OF_DOCTOR; number += 1) {
      const id = idOf(VISIT, doctor * VISITS_OF_DOCTOR + number);
      yield { id, visit: visitOf(size, doctor, number, todayMs) };
    }
  }
}

function* appointments(size: HospitalSize, now: Date, isArchived: boolean): Generator<object> {
  for (const { id, visit } of visits(size, now)) {
    if (visit.isArchived === isArchived) yield appointmentOf(id, visit, now);
  }
}

/** What patients were told of their visits of late, and what they have read of it. */
function* notifications(size: HospitalSize, now: Date): Generator<object> {
  for (const { id, visit } of visits(size, now)) {
    if (visit.isArchived) continue;
    const { isPast, startsAt, timeZone } = visit;
    yield {
      _id: new ObjectId(),
      accountId: idOf(PATIENT, visit.patient),
      kind: isPast ? 'completed' : 'confirmed',
      byYou: false,
      side: 'patient',
      at: now,
      readAt: isPast ? now : null,
      appointmentId: id,
      ...{ startsAt, timeZone },
      otherId: idOf(DOCTOR, visit.doctor),
    };
  }
}

function* claims(size: HospitalSize, now: Date): Generator<object> {
  for (const { id, visit } of visits(size, now)) if (!visit.isPast) yield* claimsOf(id, visit);
}

/** The time of doctors who are booked out. Whom they see is of no matter here: nobody asks these patients. */
function* claimsOfBookedOut(size: HospitalSize, now: Date): Generator<object> {
  const todayMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  for (let doctor = size.doctors; doctor < size.doctors + BOOKED_OUT_DOCTORS; doctor += 1) {
    for (const { startsAt, endsAt } of bookedOutTimes(doctor, todayMs)) {
      const [subjectId, ownerId] = [idOf(DOCTOR, doctor), new ObjectId()];
      for (let ms = startsAt.getTime(); ms < endsAt.getTime(); ms += CELL_MS) {
        const facts = { owner: 'appointment', ownerId, heldById: null, expiresAt: null };
        yield { subjectId, cell: ms / CELL_MS, ...facts };
      }
    }
  }
}

/** Each patient with each of their doctors, once. */
function* careRelations(size: HospitalSize, now: Date): Generator<object> {
  const known = new Set<string>();
  for (const { visit } of visits(size, now)) {
    const pair = `${visit.patient}:${visit.doctor}`;
    if (known.has(pair)) continue;
    known.add(pair);
    yield { accountId: idOf(PATIENT, visit.patient), doctorId: idOf(DOCTOR, visit.doctor) };
  }
}

const appointmentOf = (id: Id, visit: Visit, now: Date): object => {
  const { startsAt, endsAt, date, startTime, endTime, timeZone, isPast } = visit;
  return {
    _id: id,
    doctorId: idOf(DOCTOR, visit.doctor),
    patientId: idOf(PATIENT, visit.patient),
    colleagueIds: [],
    status: isPast ? 'completed' : 'scheduled',
    version: 1,
    awaiting: null,
    outcome: isPast ? 'met' : null,
    ending: null,
    replacesId: null,
    movedToId: null,
    proposedBy: null,
    doctorCameAt: isPast ? startsAt : null,
    patientCameAt: isPast ? startsAt : null,
    calendarSequence: 0,
    calendarUid: `${id.toHexString()}@health-connect`,
    events: [{ change: 'request', by: 'patient', at: now, fromStartsAt: null, comment: '' }],
    mode: 'video',
    ...{ startsAt, endsAt, timeZone, date, startTime, endTime },
    reason: 'Follow-up of a treatment that goes well',
    comment: '',
    noteState: 'none',
    noteShared: true,
    rating: null,
    review: '',
    ratedAt: null,
    closedAt: isPast ? endsAt : null,
    createdAt: startsAt,
  };
};

function* claimsOf(id: Id, visit: Visit): Generator<object> {
  const [first, end] = [visit.startsAt, visit.endsAt].map((instant) => instant.getTime() / CELL_MS);
  const patient = idOf(PATIENT, visit.patient);
  for (const subjectId of [idOf(DOCTOR, visit.doctor), patient]) {
    for (let cell = first ?? 0; cell < (end ?? 0); cell += 1) {
      yield { subjectId, cell, owner: 'appointment', ownerId: id, patientId: patient, expiresAt: null };
    }
  }
}

/** Adds accounts of patients, who have nothing yet but the password of one of the hospital's accounts. @returns their addresses */
export async function fillPatients(mongodbUri: string, count: number, passwordOf: string): Promise<string[]> {
  const connection = await mongoose.createConnection(mongodbUri, { autoIndex: false }).asPromise();
  try {
    const known = await connection.collection('accounts').findOne({ email: passwordOf });
    const size = { doctors: 0, patients: count, appointments: 0 };
    await write(connection, 'accounts', accounts(size, String(known?.['passwordHash']), new Date()));
  } finally {
    await connection.close();
  }
  return Array.from({ length: count }, (_item, patient) => patientEmail(patient));
}

/**
 * Fills a hospital that runs already. Everybody has the password of one of its accounts.
 * @param passwordOf whose
 */
export async function fillHospital(mongodbUri: string, size: HospitalSize, passwordOf: string): Promise<void> {
  const connection = await mongoose.createConnection(mongodbUri, { autoIndex: false }).asPromise();
  try {
    const known = await connection.collection('accounts').findOne({ email: passwordOf });
    const now = new Date();
    await write(connection, 'doctors', doctors(size));
    await write(connection, 'patients', patients(size));
    await write(connection, 'appointments', appointments(size, now, false));
    await write(connection, 'appointments_archive', appointments(size, now, true));
    await write(connection, 'notifications', notifications(size, now));
    await write(connection, 'care_relations', careRelations(size, now));
    await write(connection, 'time_claims', claims(size, now));
    await write(connection, 'time_claims', claimsOfBookedOut(size, now));
    // Last: from then on doctors are in the directory, which is made of everything else.
    await write(connection, 'accounts', accounts(size, String(known?.['passwordHash']), now));
  } finally {
    await connection.close();
  }
}
