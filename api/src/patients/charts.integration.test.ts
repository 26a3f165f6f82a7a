import { appointmentSchema, patientEndpoints, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import { toStoredId } from '../database/ids.ts';
import { appointmentOf, expectRefusal } from '../testing/answers.ts';
import { NoteDesk } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { PatientRepository } from './patient.repository.ts';

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
const profile = {
  dateOfBirth: '1987-03-14',
  gender: 'female',
  contactNumber: '+49 151 5550 2001',
  bloodGroup: 'A+',
  allergies: ['Penicillin', 'Latex'],
  emergencyContact: [{ name: 'Karim', relationship: 'Husband', phone: '+49 151 5550 2901' }],
} as const;

let server: TestServer;
let desk: NoteDesk;
let doctor: Person;
let patient: Person;
let cookies: Record<'doctor' | 'patient' | 'other' | 'stranger' | 'staff' | 'administrator', string>;

beforeAll(async () => {
  server = await TestServer.start();
  desk = NoteDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await server.person('doctor', 'Dr. Dana');
  patient = await server.person('patient', 'Pat');
  cookies = {
    doctor: await server.signIn(doctor),
    patient: await server.signIn(patient),
    other: await server.signIn(await server.person('doctor', 'Dr. Other')),
    stranger: await server.signIn(await server.person('patient', 'Stranger')),
    staff: await server.signIn(await server.person('staff', 'Sam')),
    administrator: await server.signIn(await server.person('administrator', 'Ada')),
  };
});

const OVER = { status: 'completed', outcome: 'met' } as const;
/** A visit that was over so many days ago. */
const visit = (daysAgo: number, parts: Partial<NewAppointment> = {}, by = doctor, of = patient): Promise<string> => {
  const closedAt = new Date(server.clock.now() - daysAgo * DAY_MINUTES * MINUTE_MS);
  return server.appointment(by, of, -daysAgo * DAY_MINUTES - 30, { ...OVER, closedAt, ...parts });
};
const get = (path: string, cookie: string) => server.call('GET', path, { cookie });
const chart = (cookie: string, of = patient.id) => get(`/api/patients/${of}`, cookie);
const history = (cookie: string, query = '') => get(`/api/patients/${patient.id}/history${query}`, cookie);
const historySchema = z.strictObject({
  appointments: z.array(appointmentSchema.strict()),
  next: z.string().nullable(),
});
async function pageOf(response: Response): Promise<{ appointments: Appointment[]; next: string | null }> {
  expect(response.status).toBe(200);
  return historySchema.parse(await response.json());
}
const idsOf = async (response: Response) => (await pageOf(response)).appointments.map(({ id }) => id);
async function mine(cookie: string, query = '') {
  const response = await get(`/api/patients${query}`, cookie);
  expect(response.status).toBe(200);
  return patientEndpoints.mine.response.parse(await response.json());
}
async function addColleague(id: string, colleague: Person): Promise<void> {
  const { connection } = server.database;
  const add = { $addToSet: { colleagueIds: toStoredId(colleague.id) } };
  const record = await AppointmentRepository.create(connection).byId(id);
  if (record === undefined) throw new Error('There is no such visit');
  await CareRelationRepository.create(connection).note(colleague.id, record.doctorId);
  for (const collection of ['appointments', 'appointments_archive']) {
    await connection.collection(collection).updateOne({ _id: toStoredId(id) }, add);
  }
}
const trail = async (detail: string) => {
  const entries = server.database.connection.collection('audit_entries');
  return (await entries.find({ patientId: patient.id, resource: 'record', detail }).toArray()).map(
    ({ accountId, action }) => `${String(action)} ${String(accountId)}`,
  );
};
/** Runs something while no entry can be written that names the patient. */
async function withoutTrail(work: () => Promise<unknown>): Promise<void> {
  const { db } = server.database.connection;
  await db?.command({ collMod: 'audit_entries', validator: { patientId: { $ne: patient.id } } });
  try {
    await work();
  } finally {
    await db?.command({ collMod: 'audit_entries', validator: {} });
  }
}

describe('the chart of a patient (R25)', () => {
  it('says who the patient is and nothing secret; each view is in the trail', async () => {
    await PatientRepository.create(server.database.connection).insert({
      ...profile,
      allergies: [...profile.allergies],
      emergencyContact: [...profile.emergencyContact],
      id: patient.id,
    });
    await visit(3);
    const response = await chart(cookies.doctor);
    expect(response.status).toBe(200);
    // Nothing else: no address, no password, no session.
    expect(await response.json()).toEqual({
      patient: { id: patient.id, name: patient.name, avatarId: null, ...profile },
    });
    expect(await trail('chart')).toEqual([`view ${doctor.id}`]);
    await withoutTrail(async () => {
      await expectRefusal(await chart(cookies.doctor), 500, 'internal');
      await expectRefusal(await history(cookies.doctor), 500, 'internal');
      await expectRefusal(await history(cookies.patient), 500, 'internal');
      await expectRefusal(await get('/api/patients', cookies.doctor), 500, 'internal');
    });
  });

  it('of somebody who has told nothing yet is blank', async () => {
    await visit(3);
    expect(await (await chart(cookies.doctor)).json()).toMatchObject({
      patient: { dateOfBirth: null, allergies: null, bloodGroup: null, emergencyContact: [] },
    });
  });

  it.each([
    ['asked for', { status: 'pending', awaiting: 'doctor' }, -10],
    ['agreed', { status: 'scheduled' }, -10],
    ['over', OVER, 30],
    ['in the archive', { ...OVER, noteState: 'signed' }, 400],
  ] as const)('is open to the doctor and the colleague of a visit that is %s', async (_what, parts, daysAgo) => {
    const colleague = await server.person('doctor', 'Dr. Cole');
    const closedAt = daysAgo > 0 ? new Date(server.clock.now()) : null;
    await addColleague(await visit(daysAgo, { outcome: null, ...parts, closedAt }), colleague);
    await server.application.runJob('archive appointments');
    for (const cookie of [cookies.doctor, await server.signIn(colleague)]) {
      expect((await chart(cookie)).status).toBe(200);
      expect((await history(cookie)).status).toBe(200);
    }
    await expectRefusal(await chart(cookies.other), 403, 'forbidden');
    await expectRefusal(await history(cookies.other), 403, 'forbidden');
  });

  it('is shut to everybody else', async () => {
    await visit(3);
    for (const status of ['cancelled', 'rescheduled'] as const) {
      const called = await server.person('doctor', 'Dr. Calledoff');
      await visit(3, { status, outcome: null }, called);
      await expectRefusal(await chart(await server.signIn(called)), 403, 'forbidden');
      await expectRefusal(await history(await server.signIn(called)), 403, 'forbidden');
    }
    for (const who of ['patient', 'stranger', 'staff', 'administrator'] as const) {
      await expectRefusal(await chart(cookies[who]), 403, 'forbidden');
      if (who !== 'patient') await expectRefusal(await history(cookies[who]), 403, 'forbidden');
      await expectRefusal(await get('/api/patients', cookies[who]), 403, 'forbidden');
    }
    // Who asks at random does not learn who is a patient here.
    for (const id of ['f'.repeat(24), doctor.id])
      await expectRefusal(await chart(cookies.doctor, id), 403, 'forbidden');
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ _id: toStoredId(doctor.id) }, { $set: { approvedAt: null, status: 'pending' } });
    const pending = await server.signIn(doctor);
    for (const path of [`/api/patients/${patient.id}`, `/api/patients/${patient.id}/history`, '/api/patients']) {
      await expectRefusal(await get(path, pending), 403, 'account_pending');
    }
  });
});

describe("a patient's history", () => {
  it('is newest first, page by page, with the archive in its place and nothing twice', async () => {
    const other = await server.person('doctor', 'Dr. Else');
    const ids: string[] = [];
    // Two at the same instant each time; some are old enough for the archive.
    for (let count = 0; count < 26; count += 1) {
      ids.push(await visit(10 + count * 30, { noteState: 'signed' }));
      ids.push(await visit(10 + count * 30, { noteState: 'signed' }, other));
    }
    await server.application.runJob('archive appointments');
    const archived = server.database.connection.collection('appointments_archive');
    expect(await archived.countDocuments({ patientId: toStoredId(patient.id) })).toBeGreaterThan(20);
    for (const cookie of [cookies.patient, cookies.doctor]) {
      const found: Appointment[] = [];
      const pages: number[] = [];
      let query = '';
      for (;;) {
        const page = await pageOf(await history(cookie, query));
        found.push(...page.appointments);
        pages.push(page.appointments.length);
        if (page.next === null) break;
        query = `?cursor=${page.next}`;
      }
      expect(pages).toEqual([20, 20, 12]);
      expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const starts = found.map(({ startsAt }) => startsAt);
      expect(starts).toEqual([...starts].sort().reverse());
    }
    expect(await trail('history')).toHaveLength(6);
  });

  it('shows the note that the one who asks may read, and what became of it', async () => {
    const signed = await server.appointment(doctor, patient, 0);
    await desk.signed(cookies.doctor, signed, { text: 'Seen' }, false);
    const draft = await server.appointment(doctor, patient, 10);
    await desk.save(cookies.doctor, draft, 0);
    await visit(5, {}, await server.person('doctor', 'Dr. Next'));
    const treating = await server.person('doctor', 'Dr. Treating');
    await server.appointment(treating, patient, 60);
    const notesOf = async (cookie: string) => {
      const { appointments } = await pageOf(await history(cookie));
      return appointments.filter(({ id }) => [signed, draft].includes(id)).map(({ note }) => note);
    };
    expect(await notesOf(cookies.doctor)).toEqual(['draft', 'signed']);
    expect(await notesOf(cookies.patient)).toEqual(['none', 'sealed']);
    expect(await notesOf(await server.signIn(treating))).toEqual(['none', 'signed']);
  });

  it("shows others' visits as to a colleague, with their doors shut, and not what did not come to be", async () => {
    const other = await server.person('doctor', 'Dr. Else');
    const open = await server.appointment(other, patient, 0, { reason: 'Chest pain' });
    const over = await visit(3, { rating: 5, review: 'Fine', ratedAt: new Date() }, other);
    const asked = await server.appointment(other, patient, 60, { status: 'pending', awaiting: 'doctor' });
    const called = await visit(4, { status: 'cancelled', outcome: null }, other);
    const own = await visit(5);
    const ownCalled = await visit(6, { status: 'cancelled', outcome: null });
    const { appointments } = await pageOf(await history(cookies.doctor));
    expect(appointments.map(({ id }) => id)).toEqual([open, over, own, ownCalled]);
    expect(appointments[0]).toMatchObject({
      myParty: 'colleague',
      reason: 'Chest pain',
      changes: [],
      door: { state: 'closed' },
    });
    expect(appointments[1]).toMatchObject({ myParty: 'colleague', rating: null });
    expect(appointments[2]).toMatchObject({ myParty: 'doctor' });
    expect(await idsOf(await history(cookies.patient))).toEqual([asked, open, over, called, own, ownCalled]);
    // The view does not make a party: what it shows can be neither opened nor joined.
    await expectRefusal(await get(`/api/appointments/${open}`, cookies.doctor), 403, 'forbidden');
    const join = await server.call('POST', `/api/consultations/${open}/join`, { cookie: cookies.doctor });
    await expectRefusal(join, 403, 'forbidden');
  });

  it('shows one that moves to the archive while it is read, once', async () => {
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    const ids = [await visit(3), await visit(400, { noteState: 'signed' }), await visit(500, { noteState: 'signed' })];
    // As the two reads see one that is moved between them: it was here, and is there.
    const moved = await db.collection('appointments').findOne({ _id: toStoredId(ids[1] ?? '') });
    if (moved === null) throw new Error('There is no such visit');
    await db.collection('appointments_archive').insertOne(moved);
    await db.command({ profile: 2 });
    expect(await idsOf(await history(cookies.patient))).toEqual(ids);
    await db.command({ profile: 0 });
    // And were the archive read first, one that is moved between them would be in neither.
    const profile = await db.collection('system.profile').find({ 'command.limit': 21 }).sort({ ts: 1 }).toArray();
    await db.dropCollection('system.profile');
    const read = profile.map(({ ns }) => String(ns).split('.')[1]);
    expect(read).toEqual(['appointments', 'appointments_archive']);
    await db.collection('appointments').deleteOne({ _id: moved._id });
  });

  it.each(['x', '12', '1-x', `1-${'g'.repeat(24)}`, 'NaN-0123456789abcdef01234567', '-'])(
    'refuses %s as a place to go on from',
    async (cursor) => {
      await visit(3);
      await expectRefusal(await history(cookies.doctor, `?cursor=${cursor}`), 400, 'validation_failed');
      const list = await get(`/api/patients?cursor=${cursor}`, cookies.doctor);
      await expectRefusal(list, 400, 'validation_failed');
    },
  );
});

describe("a doctor's patients", () => {
  it('are those whom they have seen, last seen first, each once, the archive and colleagues included', async () => {
    const people = await Promise.all(
      Array.from({ length: 55 }, (_, count) => server.person('patient', `Patient ${String.fromCharCode(97 + count)}`)),
    );
    const other = await server.person('doctor', 'Dr. Else');
    const [first, second, third] = people;
    if (first === undefined || second === undefined || third === undefined) throw new Error('There is nobody');
    for (const [index, person] of people.entries()) await visit(20 + index, { noteState: 'signed' }, doctor, person);
    await visit(2, {}, doctor, third);
    const shared = await visit(1, {}, other, second);
    await addColleague(shared, doctor);
    const old = await server.person('patient', 'Long Ago');
    await visit(500, { noteState: 'signed' }, doctor, old);
    await server.application.runJob('archive appointments');
    // Not seen: still to come, called off, somebody else's.
    await server.appointment(doctor, await server.person('patient', 'Tomorrow'), DAY_MINUTES);
    await visit(3, { status: 'cancelled', outcome: null }, doctor, await server.person('patient', 'Called Off'));
    await visit(3, {}, other, await server.person('patient', 'Not Ours'));
    await PatientRepository.create(server.database.connection).insert({
      ...profile,
      allergies: [],
      emergencyContact: [],
      id: second.id,
    });
    const page = await mine(cookies.doctor);
    expect(page.patients).toHaveLength(50);
    const rest = await mine(cookies.doctor, `?cursor=${page.next ?? ''}`);
    expect(rest.next).toBeNull();
    const expected = [second, third, first, ...people.slice(3), old].map(({ id }) => id);
    expect([...page.patients, ...rest.patients].map(({ id }) => id)).toEqual(expected);
    const seen = await appointmentOf(await get(`/api/appointments/${shared}`, cookies.doctor));
    expect(page.patients[0]).toEqual({
      id: second.id,
      name: second.name,
      avatarId: null,
      dateOfBirth: profile.dateOfBirth,
      lastVisitAt: seen.startsAt,
    });
    expect(await mine(cookies.other)).toEqual({ patients: [], next: null });
    const entries = server.database.connection.collection('audit_entries');
    expect(await entries.countDocuments({ accountId: doctor.id, action: 'view', patientId: old.id })).toBe(1);
  });
});

describe('queries of charts (R24, R25)', () => {
  it('read indexes: of a history no more than a page, in order; of a list no document', async () => {
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    for (let count = 0; count < 60; count += 1) await visit(count + 1);
    const next = (await pageOf(await history(cookies.patient))).next ?? '';
    await db.command({ profile: 2 });
    await history(cookies.patient);
    await history(cookies.patient, `?cursor=${next}`);
    await history(cookies.doctor);
    await chart(cookies.doctor);
    await mine(cookies.doctor);
    await db.command({ profile: 0 });
    const entries = await db
      .collection('system.profile')
      .find({ op: { $in: ['query', 'command'] }, ns: /\.(appointments|appointments_archive|patients)$/ })
      .toArray();
    await db.dropCollection('system.profile');
    expect(entries.length).toBeGreaterThan(8);
    for (const entry of entries) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
    const pages = entries.filter(
      ({ ns, command }) => String(ns).endsWith('.appointments') && JSON.stringify(command).includes('"limit":21'),
    );
    expect(pages).toHaveLength(3);
    for (const page of pages) {
      expect(page).toMatchObject({ nreturned: 21 });
      expect(page['docsExamined']).toBeLessThanOrEqual(22);
      expect(page['hasSortStage']).toBeUndefined();
    }
    const [list] = entries.filter(({ command }) => JSON.stringify(command).includes('"$unionWith"'));
    expect(list?.['docsExamined']).toBe(0);
  });
});
