import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccountLifecycleRepository } from '../accounts/account-lifecycle.repository.ts';
import { createLogger } from '../logging/logger.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { appointmentTime } from '../appointments/wall-time.ts';
import { RatingRepository } from '../ratings/rating.repository.ts';
import { databaseUri } from '../testing/test-server.ts';
import { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';
import { giveWords } from './account-words-migration.ts';
import { CARE_RELATIONS_MIGRATION } from './care-relations-migration.ts';
import { Database } from './database.ts';
import { newId, toStoredId } from './ids.ts';
import type { Migration } from './migration.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { NOTIFICATION_SIDES_MIGRATION } from './notification-sides-migration.ts';

const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
let database: Database;
let ran: string[];

beforeAll(async () => {
  database = await Database.connect(databaseUri(), logger);
});
afterAll(async () => {
  await database.connection.dropDatabase();
  await database.close();
});
beforeEach(async () => {
  await database.connection.dropDatabase();
  ran = [];
});

const step = (summary: string, fail = false): Migration => ({
  summary,
  run: () => {
    ran.push(summary);
    return fail ? Promise.reject(new Error('failed')) : Promise.resolve();
  },
});
/** The step of the product whose summary begins so. */
function named(beginning: string): Migration {
  const found = MIGRATIONS.find(({ summary }) => summary.startsWith(beginning));
  if (found === undefined) throw new Error(`There is no step "${beginning}"`);
  return found;
}
const run = (...steps: Migration[]) => migrate(database.connection, steps, logger);

describe('migrations', () => {
  it('start a new database at the newest version without running any', async () => {
    await run(step('one'), step('two'));
    expect(ran).toEqual([]);
    await run(step('one'), step('two'), step('three'));
    expect(ran).toEqual(['three']);
  });

  it('run each step once, in order', async () => {
    await run();
    await run(step('one'), step('two'));
    await run(step('one'), step('two'));
    expect(ran).toEqual(['one', 'two']);
  });

  it('run each step once also when two servers start at once', async () => {
    await run();
    await Promise.all([run(step('one'), step('two')), run(step('one'), step('two'))]);
    expect(ran).toEqual(['one', 'two']);
  });

  it('go on with the step that failed', async () => {
    await run();
    await expect(run(step('one'), step('two', true), step('three'))).rejects.toThrow('failed');
    await run(step('one'), step('two'), step('three'));
    expect(ran).toEqual(['one', 'two', 'two', 'three']);
  });

  it('are of one process also when a step outlasts the lock: another one waits until all are done', async () => {
    const lockMs = 1000;
    await run();
    const slow: Migration = {
      summary: 'slow',
      run: async () => {
        ran.push('slow');
        await delay(3 * lockMs);
        ran.push('slow is done');
      },
    };
    const runner = async (): Promise<void> => {
      await migrate(database.connection, [slow, step('last')], logger, lockMs);
      ran.push('open');
    };
    await Promise.all([runner(), runner()]);
    expect(ran).toEqual(['slow', 'slow is done', 'last', 'open', 'open']);
  });

  it.each([
    { when: 'while a step runs', lockMs: 400, rest: () => new Promise<void>(() => undefined) },
    { when: 'by the end of a step', lockMs: 60_000, rest: () => Promise.resolve() },
  ])('stop as soon as another process has taken over: $when', async ({ lockMs, rest }) => {
    await run();
    const schema = database.connection.collection<{ _id: string }>('schema');
    const taken = { lockedBy: 'another', lockedUntil: new Date(Date.now() + 60_000) };
    const overtaken: Migration = {
      summary: 'overtaken',
      run: async () => {
        await schema.updateOne({ _id: 'schema' }, { $set: taken });
        await rest();
      },
    };
    const migrating = migrate(database.connection, [overtaken, step('next')], logger, lockMs);
    await expect(migrating).rejects.toThrow('Another process');
    expect(ran).toEqual([]);
    expect(await schema.findOne({ _id: 'schema' })).toEqual({ _id: 'schema', schemaVersion: 0, ...taken });
  });

  it('refuse a database that is newer than the program', async () => {
    await run(step('one'), step('two'));
    await expect(run(step('one'))).rejects.toThrow('start a newer program');
  });
});

describe('the steps of this product', () => {
  it('bring appointments from before to what reads them now, with their reminders, also when repeated', async () => {
    const appointments = database.connection.collection('appointments');
    const [doctorId, patientId] = [toStoredId(newId()), toStoredId(newId())];
    const time = appointmentTime(new Date(Date.now() + 2 * 86_400_000), 20, 'Europe/Berlin');
    const texts = { mode: 'video', reason: '', comment: '', notes: '', rating: null, review: '', closedAt: null };
    const before = { ...time, ...texts, doctorId, patientId, colleagueIds: [], createdAt: new Date() };
    const { insertedIds } = await appointments.insertMany([
      { ...before, status: 'scheduled' },
      { ...before, status: 'pending' },
      { ...before, status: 'completed', closedAt: time.endsAt, rating: 4 },
    ]);
    for (let round = 0; round < 2; round += 1) {
      for (const migration of MIGRATIONS) await migration.run(database.connection, logger);
    }
    const repository = AppointmentRepository.create(database.connection);
    const records = [];
    for (const id of Object.values(insertedIds)) records.push(await repository.byId(String(id)));
    const common = {
      version: 0,
      calendarSequence: 0,
      noteState: 'none',
      replacesId: null,
      movedToId: null,
      ending: null,
    };
    expect(records).toMatchObject([
      { ...common, awaiting: null, outcome: null, calendarUid: `${String(insertedIds[0])}@health-connect` },
      { ...common, awaiting: 'doctor', outcome: null },
      { ...common, awaiting: null, outcome: 'met', ratedAt: time.endsAt },
    ]);
    const reminders = await database.connection.collection('reminders').find().toArray();
    expect(reminders).toHaveLength(6);
    for (const reminder of reminders)
      expect(reminder).toMatchObject({ appointmentId: insertedIds[0], state: 'planned' });
  });

  it('list and count ratings, and make signed notes of what was written, also when repeated', async () => {
    const collection = (name: string) => database.connection.collection(name);
    const [doctorId, other, patientId] = [toStoredId(newId()), toStoredId(newId()), toStoredId(newId())];
    await collection('accounts').insertOne({ _id: doctorId, name: 'Dr. Dana', email: 'd@test.example' });
    await collection('doctors').insertMany([{ _id: doctorId }, { _id: other }]);
    const time = appointmentTime(new Date(Date.now() - 2 * 86_400_000), 20, 'Europe/Berlin');
    const facts = { mode: 'video', reason: '', comment: '', status: 'completed', closedAt: time.endsAt };
    const people = { doctorId, patientId, colleagueIds: [], createdAt: time.startsAt };
    const visit = { ...time, ...facts, ...people, notes: '', rating: null, review: '' };
    const { insertedIds } = await collection('appointments').insertMany([
      { ...visit, rating: 4, review: 'Kind', notes: 'Rest and tea' },
      { ...visit, rating: 2 },
      visit,
    ]);
    await collection('appointments_archive').insertOne({ ...visit, rating: 5, notes: 'Long ago' });
    for (let round = 0; round < 2; round += 1) {
      for (const migration of MIGRATIONS) await migration.run(database.connection, logger);
    }
    const ratings = RatingRepository.create(database.connection);
    const listed = await ratings.ofDoctor(doctorId.toHexString(), { limit: 10 });
    expect(listed.map(({ rating }) => rating).sort()).toEqual([2, 4, 5]);
    expect(listed).toContainEqual(expect.objectContaining({ review: 'Kind', ratedAt: time.endsAt }));
    const doctors = await collection('doctors').find().sort({ ratingCount: -1 }).toArray();
    expect(doctors).toMatchObject([
      { ratingSum: 11, ratingCount: 3 },
      { ratingSum: 0, ratingCount: 0 },
    ]);
    const id = String(insertedIds[0]);
    expect(await VisitNoteRepository.create(database.connection).ofVisit(id)).toMatchObject({
      version: 1,
      content: { text: 'Rest and tea' },
      shared: false,
      signedAt: time.endsAt,
      signedBy: 'Dr. Dana',
      amendments: [],
    });
    expect(await collection('visit_notes').countDocuments()).toBe(2);
    const visits = await collection('appointments').find().sort({ noteState: -1 }).toArray();
    expect(visits.map(({ noteState, notes }) => [noteState as unknown, notes as unknown])).toEqual([
      ['signed', undefined],
      ['none', undefined],
      ['none', undefined],
    ]);
  });
});

describe('the step that relates people to doctors', () => {
  it('goes through all appointments, archived ones too, and drops an index that is not needed any more, also when repeated', async () => {
    const collection = (name: string) => database.connection.collection(name);
    const [doctorId, other, patientId, colleagueId] = [newId(), newId(), newId(), newId()].map(toStoredId);
    const visit = { doctorId, patientId, colleagueIds: [colleagueId] };
    await collection('appointments').insertMany([{ ...visit }, { ...visit, colleagueIds: [] }]);
    await collection('appointments_archive').insertMany([
      { ...visit, doctorId: other, colleagueIds: [doctorId] },
      { doctorId: other, patientId },
    ]);
    const claims = collection('time_claims');
    await claims.createIndexes([{ key: { ownerId: 1 } }]);
    for (let round = 0; round < 2; round += 1) await CARE_RELATIONS_MIGRATION.run(database.connection, logger);
    const relations = await collection('care_relations').find().toArray();
    const pairs = relations.map((pair) => `${String(pair['accountId'])} ${String(pair['doctorId'])}`);
    const expected = [
      [patientId, doctorId],
      [colleagueId, doctorId],
      [patientId, other],
      [doctorId, other],
    ].map((pair) => pair.join(' '));
    expect(pairs.sort()).toEqual(expected.sort());
    expect((await claims.indexes()).map(({ key }) => key)).toEqual([{ _id: 1 }]);
  });

  it('finds nothing to do in an empty database', async () => {
    await CARE_RELATIONS_MIGRATION.run(database.connection, logger);
    expect(await database.connection.collection('care_relations').countDocuments()).toBe(0);
  });
});

describe('holds', () => {
  it('of an older build are given back with their time, and nobody else loses any', async () => {
    const collection = (name: string) => database.connection.collection(name);
    const [old, current] = [newId(), newId()].map(toStoredId);
    await collection('holds').insertMany([{ holdId: old }, { holdId: current, cells: 8 }]);
    const claim = (owner: string, ownerId: unknown, cell: number) => ({ owner, ownerId, cell });
    await collection('time_claims').insertMany([
      claim('hold', old, 1),
      claim('hold', old, 2),
      claim('hold', current, 3),
      claim('appointment', toStoredId(newId()), 4),
    ]);
    await named('A hold names').run(database.connection, logger);
    expect((await collection('holds').find().toArray()).map(({ holdId }) => holdId as unknown)).toEqual([current]);
    const left = await collection('time_claims').find().sort({ cell: 1 }).toArray();
    expect(left.map(({ cell }) => Number(cell))).toEqual([3, 4]);
  });
});

describe('accounts from before they were searched by words', () => {
  it('are found by name and address, also when the step is repeated, and a former index is gone', async () => {
    const accounts = database.connection.collection('accounts');
    const account = { role: 'patient', status: 'active', createdAt: new Date() };
    await accounts.insertMany([
      { ...account, name: 'Jörg Müller', email: 'j.mueller@test.example' },
      { ...account, name: 'Ana Souza', email: 'ana@test.example' },
      ...Array.from({ length: 1200 }, (_item, index) => ({
        ...account,
        name: 'Other',
        email: `${index}@test.example`,
      })),
    ]);
    await accounts.createIndexes([{ key: { role: 1, status: 1 } }]);
    await database.connection.collection('audit_entries').createIndexes([{ key: { accountId: 1, at: -1, _id: -1 } }]);
    const steps = [named('Accounts are searched'), named('The audit trail is searched')];
    for (const step of [...steps, ...steps]) await step.run(database.connection, logger);
    expect(await accounts.countDocuments({ searchWords: { $exists: false } })).toBe(0);
    const names = [...(await accounts.indexes()), ...(await database.connection.collection('audit_entries').indexes())];
    expect(names.map(({ name }) => name)).toEqual(['_id_', '_id_']);
    const repository = AccountLifecycleRepository.create(database.connection);
    const rest = { role: undefined, status: undefined, before: undefined, limit: 10 };
    for (const text of ['muller jorg', 'MÜLL', 'mueller', 'j.mue', 'j.mueller@te']) {
      const found = await repository.search({ text, ...rest });
      expect(
        found.map(({ name }) => name),
        text,
      ).toEqual(['Jörg Müller']);
    }
  });

  it('are read once, however many there are', async () => {
    const { connection } = database;
    const count = 3500;
    const account = (index: number) => ({ name: 'Other', email: `${index}@test.example` });
    await connection.collection('accounts').insertMany(Array.from({ length: count }, (_item, index) => account(index)));
    const reading = { ns: `${connection.name}.accounts`, op: { $in: ['query', 'getmore'] } };
    await connection.db?.command({ profile: 1, filter: reading });
    await named('Accounts are searched').run(connection, logger);
    await connection.db?.command({ profile: 0, filter: 'unset' });
    const reads = await connection.collection('system.profile').find(reading).toArray();
    const examined = reads.reduce((sum, read) => sum + Number(read['docsExamined']), 0);
    expect(examined).toBe(count);
    expect(await connection.collection('accounts').countDocuments({ searchWords: 'other' })).toBe(count);
  });

  it('keep words that they have got since they were read', async () => {
    const accounts = database.connection.collection('accounts');
    const [renamed, before] = [toStoredId(newId()), toStoredId(newId())];
    const email = 'x@test.example';
    await accounts.insertMany([
      { _id: renamed, email: 'a', searchWords: ['new'] },
      { _id: before, email: 'b' },
    ]);
    const read = [renamed, before].map((_id) => ({ _id, name: 'Old', email }));
    await giveWords(database.connection, read);
    expect(await accounts.findOne({ _id: renamed })).toMatchObject({ searchWords: ['new'] });
    expect(await accounts.countDocuments({ _id: before, searchWords: 'old' })).toBe(1);
  });
});

describe('notifications', () => {
  it('say as which side they were told, also of archived visits, and lose their old indexes; also when repeated', async () => {
    const collection = (name: string) => database.connection.collection(name);
    const [doctor, patient] = [toStoredId(newId()), toStoredId(newId())];
    const [visit, archived, told] = [toStoredId(newId()), toStoredId(newId()), toStoredId(newId())];
    await collection('appointments').insertOne({ _id: visit, doctorId: doctor, patientId: patient });
    await collection('appointments_archive').insertOne({ _id: archived, doctorId: doctor, patientId: patient });
    const line = (accountId: unknown, appointmentId: unknown) => ({ accountId, appointmentId });
    await collection('notifications').insertMany([
      line(doctor, visit),
      line(patient, visit),
      line(doctor, archived),
      line(patient, archived),
      { ...line(patient, told), side: 'patient' },
    ]);
    await collection('notifications').createIndexes([
      { key: { accountId: 1, _id: -1 } },
      { key: { accountId: 1, readAt: 1, _id: -1 } },
    ]);
    for (let time = 0; time < 2; time += 1) await NOTIFICATION_SIDES_MIGRATION.run(database.connection, logger);
    const lines = await collection('notifications').find().sort({ _id: 1 }).toArray();
    expect(lines.map(({ side }) => String(side))).toEqual(['doctor', 'patient', 'doctor', 'patient', 'patient']);
    expect((await collection('notifications').indexes()).map(({ key }) => key)).toEqual([{ _id: 1 }]);
  });

  it('that are not there are nothing to do', async () => {
    await NOTIFICATION_SIDES_MIGRATION.run(database.connection, logger);
    expect(await database.connection.collection('notifications').countDocuments()).toBe(0);
  });
});

describe('transactions', () => {
  it('leave nothing behind when they fail', async () => {
    const things = database.connection.collection('things');
    await things.insertOne({ name: 'before' });
    const attempt = database.transaction(async (session) => {
      await things.insertOne({ name: 'inside' }, { session });
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    expect(await things.countDocuments()).toBe(1);
  });
});
