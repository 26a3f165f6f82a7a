import type { Appointment } from '@health-connect/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { toStoredId } from '../database/ids.ts';
import { DoctorRepository } from '../doctors/doctor.repository.ts';
import { appointmentOf, expectRefusal } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { RatingRepository } from './rating.repository.ts';

const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;

let server: TestServer;
let doctor: Person;
let colleague: Person;
let patient: Person;
let cookie: string;
let doctorCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  colleague = await server.person('doctor', 'Dr. Cole');
  patient = await server.person('patient', 'Pat');
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await server.person('doctor', 'Dr. Dana');
  doctorCookie = await server.signIn(doctor);
  // Tests move the clock, which ends sessions.
  cookie = await server.signIn(patient);
});

/** A visit that ended so many days ago. */
function visit(daysAgo = 1, parts: Partial<NewAppointment> = {}, of = patient): Promise<string> {
  const closedAt = new Date(server.clock.now() - daysAgo * DAY_MS);
  const over = { status: 'completed', outcome: 'met', closedAt, ...parts } as const;
  return server.appointment(doctor, of, -daysAgo * DAY_MINUTES - 20, over);
}

const rate = (id: string, rating: number, review = '', as: string | undefined = cookie) =>
  server.call('PUT', `/api/appointments/${id}/rating`, { cookie: as, body: { rating, review } });
const read = async (id: string, as: string): Promise<Appointment> =>
  appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie: as }));
const ratings = () => RatingRepository.create(server.database.connection);
async function summary(): Promise<{ sum: number | undefined; count: number | undefined }> {
  const record = await DoctorRepository.create(server.database.connection).byId(doctor.id);
  return { sum: record?.ratingSum, count: record?.ratingCount };
}
const auditOf = (id: string) =>
  server.database.connection.collection('audit_entries').find({ resource: 'rating', resourceId: id }).toArray();

describe('rating a visit (R45)', () => {
  it('is seen by its two sides, counts for the doctor, and is listed without a word about whose it is', async () => {
    const id = await visit();
    await server.database.connection
      .collection('appointments')
      .updateOne({ _id: toStoredId(id) }, { $set: { colleagueIds: [toStoredId(colleague.id)] } });
    const given = await appointmentOf(await rate(id, 4, '  Very kind\n'));
    const ratedAt = new Date(server.clock.now()).toISOString();
    const editableUntil = new Date(server.clock.now() + 7 * DAY_MS).toISOString();
    const rating = { rating: 4, review: 'Very kind', ratedAt, editableUntil };
    expect(given).toMatchObject({ rating, rateableUntil: editableUntil });
    expect(await read(id, doctorCookie)).toMatchObject({ rating, rateableUntil: null });
    expect(await read(id, await server.signIn(colleague))).toMatchObject({ rating: null, rateableUntil: null });
    expect(await summary()).toEqual({ sum: 4, count: 1 });
    const [listed, ...more] = await ratings().ofDoctor(doctor.id, { limit: 20 });
    expect(more).toEqual([]);
    expect({ ...listed, id: '' }).toEqual({ id: '', rating: 4, review: 'Very kind', ratedAt: new Date(ratedAt) });
    expect(listed?.id).not.toBe(id);
    expect(await auditOf(id)).toMatchObject([{ action: 'create', accountId: patient.id, patientId: patient.id }]);
  });

  it('can be changed for 7 days: the average follows, and the time at which it was given stays', async () => {
    const id = await visit();
    const first = await appointmentOf(await rate(id, 2, 'Late'));
    server.clock.advance(6 * DAY_MS);
    cookie = await server.signIn(patient);
    const changed = await appointmentOf(await rate(id, 5, 'Called me back'));
    expect(changed.rating).toEqual({ ...first.rating, rating: 5, review: 'Called me back' });
    expect(await summary()).toEqual({ sum: 5, count: 1 });
    expect(await ratings().ofDoctor(doctor.id, { limit: 20 })).toMatchObject([{ rating: 5, review: 'Called me back' }]);
    expect((await auditOf(id)).map(({ action }) => String(action))).toEqual(['create', 'change']);
    server.clock.advance(DAY_MS);
    cookie = await server.signIn(patient);
    await expectRefusal(await rate(id, 1), 409, 'rating_closed');
    expect(await summary()).toEqual({ sum: 5, count: 1 });
  });

  it('the same once more changes nothing', async () => {
    const id = await visit();
    const first = await appointmentOf(await rate(id, 3, 'Fine'));
    expect(await appointmentOf(await rate(id, 3, 'Fine'))).toEqual(first);
    expect(await summary()).toEqual({ sum: 3, count: 1 });
    expect(await auditOf(id)).toHaveLength(1);
  });

  it('is for the patient of the visit alone', async () => {
    const id = await visit();
    const others = [
      doctorCookie,
      await server.signIn(colleague),
      await server.signIn(await server.person('patient', 'Other')),
      await server.signIn(await server.person('staff', 'Sam')),
      await server.signIn(await server.person('administrator', 'Ada')),
    ];
    for (const other of others) await expectRefusal(await rate(id, 1, '', other), 403, 'forbidden');
    await expectRefusal(
      await server.call('PUT', `/api/appointments/${id}/rating`, { body: { rating: 1, review: '' } }),
      401,
      'unauthenticated',
    );
    await expectRefusal(await rate('f'.repeat(24), 1), 404, 'not_found');
    expect(await summary()).toEqual({ sum: 0, count: 0 });
  });

  it('is for visits at which the two met, and for 90 days', async () => {
    for (const parts of [
      { status: 'scheduled', outcome: null, closedAt: null },
      { status: 'cancelled', outcome: null },
      { status: 'rescheduled', outcome: null },
      { outcome: 'missed' },
    ] as const) {
      await expectRefusal(await rate(await visit(1, parts), 5), 409, 'rating_closed');
    }
    await expectRefusal(await rate(await visit(90), 5), 409, 'rating_closed');
    expect((await rate(await visit(89), 5)).status).toBe(200);
    expect(await summary()).toEqual({ sum: 5, count: 1 });
  });

  it('reaches a visit that was ended late and is in the archive already', async () => {
    const id = await server.appointment(doctor, patient, -400 * DAY_MINUTES, {
      status: 'completed',
      outcome: 'met',
      noteState: 'signed',
      closedAt: new Date(server.clock.now() - DAY_MS),
    });
    await server.application.runJob('archive appointments');
    expect(await appointmentOf(await rate(id, 4))).toMatchObject({ rating: { rating: 4 } });
    expect(await read(id, doctorCookie)).toMatchObject({ rating: { rating: 4 } });
    expect(await summary()).toEqual({ sum: 4, count: 1 });
  });

  it('that cannot be audited does not count', async () => {
    const id = await visit();
    const { db } = server.database.connection;
    await db?.command({ collMod: 'audit_entries', validator: { resource: { $ne: 'rating' } } });
    const refused = await rate(id, 1);
    await db?.command({ collMod: 'audit_entries', validator: {} });
    expect(refused.status).toBe(500);
    expect(await summary()).toEqual({ sum: 0, count: 0 });
    expect(await ratings().ofDoctor(doctor.id, { limit: 20 })).toEqual([]);
    expect(await read(id, cookie)).toMatchObject({ rating: null });
  });
});

describe('the average of a doctor', () => {
  it('is right after a hundred first ratings and changes at the same moment, whatever they are', async () => {
    const stars = fc.integer({ min: 1, max: 5 });
    const two = fc.array(fc.tuple(stars, stars), { minLength: 100, maxLength: 100 });
    const round = async (given: [number, number][]): Promise<void> => {
      doctor = await server.person('doctor', 'Dr. Rated');
      const ids = await Promise.all(given.map(() => visit()));
      // The change does not wait for the first rating: either may come first, and both count as one.
      const answers = await Promise.all(
        ids.flatMap((id, index) => (given[index] ?? []).map((rating) => rate(id, rating))),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const stored = await ratings().ofDoctor(doctor.id, { limit: 1000 });
      expect(stored).toHaveLength(100);
      const sum = stored.reduce((total, { rating }) => total + rating, 0);
      expect(await summary()).toEqual({ sum, count: 100 });
      const shown = await Promise.all(ids.map(async (id) => (await read(id, cookie)).rating?.rating ?? 0));
      expect(shown.reduce((total, rating) => total + rating, 0)).toBe(sum);
      for (const [index, rating] of shown.entries()) expect(given[index]).toContain(rating);
    };
    await fc.assert(fc.asyncProperty(two, round), { numRuns: 2, endOnFailure: true });
  }, 120_000);
});

describe('the list of a doctor', () => {
  it('is newest first, page by page, and reads an index only', async () => {
    const given: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      given.unshift((count % 5) + 1);
      await rate(await visit(), given[0] ?? 1);
      // Two at the same moment each time.
      if (count % 2 === 1) server.clock.advance(1000);
    }
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    await db.command({ profile: 2 });
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await ratings().ofDoctor(doctor.id, { cursor, limit: 3 });
      pages.push(...page.map(({ rating }) => rating));
      cursor = page.length === 3 ? page.at(-1)?.id : undefined;
    } while (cursor !== undefined);
    await db.command({ profile: 0 });
    expect([...pages].sort()).toEqual([...given].sort());
    expect(await ratings().ofDoctor(doctor.id, { cursor: 'f'.repeat(24), limit: 3 })).toEqual([]);
    const profile = await db.collection('system.profile').find({ 'command.find': 'ratings' }).toArray();
    expect(profile.length).toBeGreaterThan(3);
    for (const { planSummary, hasSortStage } of profile) {
      expect(planSummary).toMatch(/^(IXSCAN|IDHACK|EXPRESS)/);
      expect(hasSortStage).toBeUndefined();
    }
  });
});
