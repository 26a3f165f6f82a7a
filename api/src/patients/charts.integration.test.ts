import type { Appointment } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { idsOf, pageOf, PROFILE } from '../testing/chart-desk.ts';
import { it as recordTest } from '../testing/record-test.ts';
import { PatientRepository } from './patient.repository.ts';

const OVER = { status: 'completed', outcome: 'met' } as const;

const it = recordTest
  .extend('trail', ({ server, patient }) => async (detail: string) => {
    const entries = server.database.connection.collection('audit_entries');
    return (await entries.find({ patientId: patient.id, resource: 'record', detail }).toArray()).map(
      ({ accountId, action }) => `${String(action)} ${String(accountId)}`,
    );
  })
  /** Runs something while no entry can be written that names the patient. */
  .extend('withoutTrail', ({ server, patient }) => async (work: () => Promise<unknown>): Promise<void> => {
    const { db } = server.database.connection;
    await db?.command({ collMod: 'audit_entries', validator: { patientId: { $ne: patient.id } } });
    try {
      await work();
    } finally {
      await db?.command({ collMod: 'audit_entries', validator: {} });
    }
  });

describe('the chart of a patient (R25)', () => {
  it('says who the patient is and nothing secret; each view is in the trail', async ({ all, trail, withoutTrail }) => {
    const { server, charts, doctor, patient, cookies } = all;
    await PatientRepository.create(server.database.connection).insert({
      ...PROFILE,
      id: patient.id,
    });
    await charts.visit(3);
    const response = await charts.chart(cookies.doctor);
    expect(response.status).toBe(200);
    // Nothing else: no address, no password, no session.
    expect(await response.json()).toEqual({
      patient: { id: patient.id, name: patient.name, avatarId: null, ...PROFILE },
    });
    expect(await trail('chart')).toEqual([`view ${doctor.id}`]);
    await withoutTrail(async () => {
      await expectRefusal(await charts.chart(cookies.doctor), 500, 'internal');
      await expectRefusal(await charts.history(cookies.doctor), 500, 'internal');
      await expectRefusal(await charts.history(cookies.patient), 500, 'internal');
      await expectRefusal(await server.call('GET', '/api/patients', { cookie: cookies.doctor }), 500, 'internal');
    });
  });

  it('of somebody who has told nothing yet is blank', async ({ charts, cookies }) => {
    await charts.visit(3);
    expect(await (await charts.chart(cookies.doctor)).json()).toMatchObject({
      patient: { dateOfBirth: null, allergies: null, bloodGroup: null, emergencyContact: [] },
    });
  });

  it.for([
    ['asked for', { status: 'pending', awaiting: 'doctor' }, -10],
    ['agreed', { status: 'scheduled' }, -10],
    ['over', OVER, 30],
    ['in the archive', { ...OVER, noteState: 'signed' }, 400],
  ] as const)(
    'is open to the doctor and the colleague of a visit that is %s',
    async ([_what, parts, daysAgo], { server, charts, cookies }) => {
      const colleague = await server.person('doctor', 'Dr. Cole');
      const closedAt = daysAgo > 0 ? new Date(server.clock.now()) : null;
      await charts.addColleague(await charts.visit(daysAgo, { outcome: null, ...parts, closedAt }), colleague);
      await server.application.runJob('archive appointments');
      for (const cookie of [cookies.doctor, await server.signIn(colleague)]) {
        expect((await charts.chart(cookie)).status).toBe(200);
        expect((await charts.history(cookie)).status).toBe(200);
      }
      await expectRefusal(await charts.chart(cookies.other), 403, 'forbidden');
      await expectRefusal(await charts.history(cookies.other), 403, 'forbidden');
    },
  );

  it('is shut to everybody else', async ({ server, charts, doctor, patient, cookies }) => {
    await charts.visit(3);
    for (const status of ['cancelled', 'rescheduled'] as const) {
      const called = await server.person('doctor', 'Dr. Calledoff');
      await charts.visit(3, { status, outcome: null }, called);
      await expectRefusal(await charts.chart(await server.signIn(called)), 403, 'forbidden');
      await expectRefusal(await charts.history(await server.signIn(called)), 403, 'forbidden');
    }
    const staff = await server.signIn(await server.person('staff', 'Sam'));
    const administrator = await server.signIn(await server.person('administrator', 'Ada'));
    for (const cookie of [cookies.patient, cookies.stranger, staff, administrator]) {
      await expectRefusal(await charts.chart(cookie), 403, 'forbidden');
      if (cookie !== cookies.patient) await expectRefusal(await charts.history(cookie), 403, 'forbidden');
      await expectRefusal(await server.call('GET', '/api/patients', { cookie }), 403, 'forbidden');
    }
    // Who asks at random does not learn who is a patient here.
    for (const id of ['f'.repeat(24), doctor.id])
      await expectRefusal(await charts.chart(cookies.doctor, id), 403, 'forbidden');
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ _id: toStoredId(doctor.id) }, { $set: { approvedAt: null, status: 'pending' } });
    const pending = await server.signIn(doctor);
    for (const path of [`/api/patients/${patient.id}`, `/api/patients/${patient.id}/history`, '/api/patients']) {
      await expectRefusal(await server.call('GET', path, { cookie: pending }), 403, 'account_pending');
    }
  });
});

describe("a patient's history", () => {
  it('is newest first, page by page, with the archive in its place and nothing twice', async ({ all, trail }) => {
    const { server, charts, patient, cookies } = all;
    const other = await server.person('doctor', 'Dr. Else');
    const ids: string[] = [];
    // Two at the same instant each time; some are old enough for the archive.
    for (let count = 0; count < 26; count += 1) {
      ids.push(await charts.visit(10 + count * 30, { noteState: 'signed' }));
      ids.push(await charts.visit(10 + count * 30, { noteState: 'signed' }, other));
    }
    await server.application.runJob('archive appointments');
    const archived = server.database.connection.collection('appointments_archive');
    expect(await archived.countDocuments({ patientId: toStoredId(patient.id) })).toBeGreaterThan(20);
    for (const cookie of [cookies.patient, cookies.doctor]) {
      const found: Appointment[] = [];
      const pages: number[] = [];
      let query = '';
      for (;;) {
        const page = await pageOf(await charts.history(cookie, query));
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

  it('shows the note that the one who asks may read, and what became of it', async ({ all }) => {
    const { server, desk, charts, doctor, patient, cookies } = all;
    const signed = await server.appointment(doctor, patient, 0);
    await desk.signed(cookies.doctor, signed, { text: 'Seen' }, false);
    const draft = await server.appointment(doctor, patient, 10);
    await desk.save(cookies.doctor, draft, 0);
    await charts.visit(5, {}, await server.person('doctor', 'Dr. Next'));
    const treating = await server.person('doctor', 'Dr. Treating');
    await server.appointment(treating, patient, 60);
    const notesOf = async (cookie: string) => {
      const { appointments } = await pageOf(await charts.history(cookie));
      return appointments.filter(({ id }) => [signed, draft].includes(id)).map(({ note }) => note);
    };
    expect(await notesOf(cookies.doctor)).toEqual(['draft', 'signed']);
    expect(await notesOf(cookies.patient)).toEqual(['none', 'sealed']);
    expect(await notesOf(await server.signIn(treating))).toEqual(['none', 'signed']);
  });

  it("shows others' visits as to a colleague, with their doors shut, and not what did not come to be", async ({
    all,
  }) => {
    const { server, charts, patient, cookies } = all;
    const other = await server.person('doctor', 'Dr. Else');
    const open = await server.appointment(other, patient, 0, { reason: 'Chest pain' });
    const over = await charts.visit(3, { rating: 5, review: 'Fine', ratedAt: new Date() }, other);
    const asked = await server.appointment(other, patient, 60, { status: 'pending', awaiting: 'doctor' });
    const called = await charts.visit(4, { status: 'cancelled', outcome: null }, other);
    const own = await charts.visit(5);
    const ownCalled = await charts.visit(6, { status: 'cancelled', outcome: null });
    const { appointments } = await pageOf(await charts.history(cookies.doctor));
    expect(appointments.map(({ id }) => id)).toEqual([open, over, own, ownCalled]);
    expect(appointments[0]).toMatchObject({
      myParty: 'colleague',
      reason: 'Chest pain',
      changes: [],
      door: { state: 'closed' },
    });
    expect(appointments[1]).toMatchObject({ myParty: 'colleague', rating: null });
    expect(appointments[2]).toMatchObject({ myParty: 'doctor' });
    expect(await idsOf(await charts.history(cookies.patient))).toEqual([asked, open, over, called, own, ownCalled]);
    // The view does not make a party: what it shows can be neither opened nor joined.
    await expectRefusal(
      await server.call('GET', `/api/appointments/${open}`, { cookie: cookies.doctor }),
      403,
      'forbidden',
    );
    const join = await server.call('POST', `/api/consultations/${open}/join`, { cookie: cookies.doctor });
    await expectRefusal(join, 403, 'forbidden');
  });

  it('shows one that moves to the archive while it is read, once', async ({ server, charts, cookies }) => {
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    const ids = [
      await charts.visit(3),
      await charts.visit(400, { noteState: 'signed' }),
      await charts.visit(500, { noteState: 'signed' }),
    ];
    // As the two reads see one that is moved between them: it was here, and is there.
    const moved = await db.collection('appointments').findOne({ _id: toStoredId(ids[1] ?? '') });
    if (moved === null) throw new Error('There is no such visit');
    await db.collection('appointments_archive').insertOne(moved);
    await db.command({ profile: 2 });
    expect(await idsOf(await charts.history(cookies.patient))).toEqual(ids);
    await db.command({ profile: 0 });
    // And were the archive read first, one that is moved between them would be in neither.
    const profile = await db.collection('system.profile').find({ 'command.limit': 21 }).sort({ ts: 1 }).toArray();
    await db.dropCollection('system.profile');
    const read = profile.map(({ ns }) => String(ns).split('.')[1]);
    expect(read).toEqual(['appointments', 'appointments_archive']);
    await db.collection('appointments').deleteOne({ _id: moved._id });
  });

  it.for(['x', '12', '1-x', `1-${'g'.repeat(24)}`, 'NaN-0123456789abcdef01234567', '-'])(
    'refuses %s as a place to go on from',
    async (cursor, { server, charts, cookies }) => {
      await charts.visit(3);
      await expectRefusal(await charts.history(cookies.doctor, `?cursor=${cursor}`), 400, 'validation_failed');
      const list = await server.call('GET', `/api/patients?cursor=${cursor}`, { cookie: cookies.doctor });
      await expectRefusal(list, 400, 'validation_failed');
    },
  );
});
