import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { databaseUri } from '../testing/test-server.ts';
import { CLOSED_ACCOUNTS_MIGRATION } from './closed-accounts-migration.ts';
import { Database } from './database.ts';
import { newId, toStoredId } from './ids.ts';
import type { Migration } from './migration.ts';
import { TIME_ZONES_MIGRATION } from './time-zones-migration.ts';

const lines: string[] = [];
const logger = createLogger({ logLevel: 'info', logFormat: 'json' }, { write: (line) => void lines.push(line) });
let database: Database;

beforeAll(async () => {
  database = await Database.connect(databaseUri(), logger);
});
afterAll(async () => {
  await database.connection.dropDatabase();
  await database.close();
});
beforeEach(async () => {
  await database.connection.dropDatabase();
});

const collection = (name: string) => database.connection.collection(name);
const stored = () => toStoredId(newId());
/** As two processes that start at once would, and once more. */
async function repeatedly(migration: Migration): Promise<void> {
  await Promise.all([migration.run(database.connection, logger), migration.run(database.connection, logger)]);
  await migration.run(database.connection, logger);
}

describe('zones that mean several places', () => {
  const zoneOf = async (name: string, _id: ReturnType<typeof stored>): Promise<unknown> =>
    (await collection(name).findOne({ _id }))?.['timeZone'];

  it.each([
    { name: 'JST', browser: null, after: 'Asia/Tokyo' },
    { name: 'IST', browser: 'Europe/Dublin', after: 'Europe/Dublin' },
    { name: 'ist', browser: 'Asia/Calcutta', after: 'Asia/Calcutta' },
    { name: 'PST', browser: 'Asia/Manila', after: 'Asia/Manila' },
    // Israel has the same offset in winter: that somebody was there once says nothing.
    { name: 'IST', browser: 'Europe/Athens', after: 'IST' },
    { name: 'IST', browser: null, after: 'IST' },
    { name: 'XXT', browser: 'Europe/Berlin', after: 'XXT' },
    { name: 'EST', browser: 'America/New_York', after: 'EST' },
    { name: 'Europe/Berlin', browser: 'Asia/Tokyo', after: 'Europe/Berlin' },
  ])('of doctors become what was meant, where that is clear: $name, $browser', async ({ name, browser, after }) => {
    const _id = stored();
    await collection('accounts').insertOne({ _id, timeZone: browser, email: 'd@test.example' });
    await collection('doctors').insertOne({ _id, timeZone: name, scheduleVersion: 3 });
    await repeatedly(TIME_ZONES_MIGRATION);
    const doctor = await collection('doctors').findOne({ _id });
    expect(doctor).toMatchObject({ timeZone: after, scheduleVersion: after === name ? 3 : 4 });
  });

  it('of appointments become the one in which their wall time was that of their instant', async () => {
    const time = { startsAt: new Date('2026-07-01T10:00:00Z'), endsAt: new Date('2026-07-01T10:20:00Z') };
    const visit = { ...time, timeZone: 'IST', date: '2026-07-01', endTime: '' };
    const [india, ireland, nowhere, archived] = [stored(), stored(), stored(), stored()];
    await collection('appointments').insertMany([
      { ...visit, _id: india, startTime: '15:30' },
      { ...visit, _id: ireland, startTime: '11:00' },
      { ...visit, _id: nowhere, startTime: '03:00' },
    ]);
    await collection('appointments_archive').insertOne({ ...visit, _id: archived, startTime: '13:00' });
    const bell = [stored(), stored(), stored()] as const;
    await collection('notifications').insertMany([
      { _id: bell[0], appointmentId: ireland, timeZone: 'IST' },
      { _id: bell[1], appointmentId: archived, timeZone: 'IST' },
      { _id: bell[2], appointmentId: stored(), timeZone: 'IST' },
    ]);
    await repeatedly(TIME_ZONES_MIGRATION);
    expect(await zoneOf('appointments', india)).toBe('Asia/Kolkata');
    expect(await collection('appointments').findOne({ _id: ireland })).toEqual({
      ...visit,
      _id: ireland,
      timeZone: 'Europe/Dublin',
      startTime: '11:00',
      endTime: '11:20',
    });
    expect(await collection('appointments').findOne({ _id: nowhere })).toMatchObject({
      timeZone: 'UTC',
      startTime: '10:00',
      endTime: '10:20',
    });
    expect(await zoneOf('appointments_archive', archived)).toBe('Asia/Jerusalem');
    expect(await Promise.all(bell.map((id) => zoneOf('notifications', id)))).toEqual([
      'Europe/Dublin',
      'Asia/Jerusalem',
      'UTC',
    ]);
  });

  it('of appointments are those of their doctors where several places had that wall time', async () => {
    const [mexican, unsure] = [stored(), stored()];
    await collection('accounts').insertMany([
      { _id: mexican, timeZone: 'America/Mexico_City', email: 'm@test.example' },
      { _id: unsure, timeZone: null, email: 'u@test.example' },
    ]);
    await collection('doctors').insertMany([mexican, unsure].map((_id) => ({ _id, timeZone: 'CST' })));
    const visit = (doctorId: unknown, date: string) => {
      const startsAt = new Date(`${date}T16:00:00Z`);
      const time = { startsAt, endsAt: new Date(startsAt.getTime() + 20 * 60_000), date, startTime: '10:00' };
      return { ...time, _id: stored(), doctorId, timeZone: 'CST', endTime: '' };
    };
    const [winter, summer, nobodys] = [
      visit(mexican, '2026-01-15'),
      visit(mexican, '2026-07-01'),
      visit(unsure, '2026-01-15'),
    ];
    await collection('appointments').insertMany([winter, nobodys]);
    await collection('appointments_archive').insertOne(summer);
    await repeatedly(TIME_ZONES_MIGRATION);
    expect(await zoneOf('appointments', winter._id)).toBe('America/Mexico_City');
    expect(await zoneOf('appointments_archive', summer._id)).toBe('America/Mexico_City');
    expect(await zoneOf('appointments', nobodys._id)).toBe('America/Chicago');
  });

  it('and zones that nobody here knows stay with appointments and what was told of them, and are counted', async () => {
    const startsAt = new Date('2026-07-01T10:00:00Z');
    const time = { startsAt, endsAt: new Date(startsAt.getTime() + 20 * 60_000), date: '2026-07-01' };
    const visit = { ...time, _id: stored(), timeZone: 'Mars/Olympus', startTime: '03:00', endTime: '03:20' };
    const bell = { _id: stored(), appointmentId: visit._id, timeZone: 'Mars/Olympus' };
    await collection('appointments').insertOne(visit);
    await collection('notifications').insertOne(bell);
    lines.length = 0;
    await repeatedly(TIME_ZONES_MIGRATION);
    expect(await collection('appointments').findOne({ _id: visit._id })).toEqual(visit);
    expect(await collection('notifications').findOne({ _id: bell._id })).toEqual(bell);
    expect(lines.join('')).toContain('"visits":0,"left":1');
  });

  it('of browsers are told anew, of listings made anew; the log holds numbers alone', async () => {
    const [account, sound, listing] = [stored(), stored(), stored()];
    await collection('accounts').insertMany([
      { _id: account, timeZone: 'CST', email: 'canary-a@test.example', name: 'Canary' },
      { _id: sound, timeZone: 'Asia/Tokyo', email: 'b@test.example' },
    ]);
    await collection('doctors').insertOne({ _id: account, timeZone: 'CST' });
    await collection('doctor_listings').insertMany([
      { _id: listing, timeZone: 'IST' },
      { _id: sound, timeZone: 'Asia/Tokyo' },
    ]);
    lines.length = 0;
    await repeatedly(TIME_ZONES_MIGRATION);
    expect([await zoneOf('accounts', account), await zoneOf('accounts', sound)]).toEqual([null, 'Asia/Tokyo']);
    expect(await collection('doctor_listings').find().toArray()).toMatchObject([{ _id: sound }]);
    expect(lines.join('')).toContain('"toChoose":1');
    expect(lines.join('')).not.toMatch(/canary/i);
  });
});

describe('accounts that were closed before that called anything off', () => {
  it('are marked where an appointment is active, and nobody else is, also when repeated', async () => {
    const id = {
      closed: stored(),
      staffNow: stored(),
      doctor: stored(),
      patient: stored(),
      closedPatient: stored(),
      idle: stored(),
    };
    const account = (name: keyof typeof id, role: string, disabledAt: Date | null = null) => {
      return { _id: id[name], role, disabledAt, leaving: false, email: `${name}@test.example` };
    };
    await collection('accounts').insertMany([
      account('closed', 'doctor', new Date()),
      account('staffNow', 'staff'),
      account('doctor', 'doctor'),
      account('patient', 'patient'),
      account('closedPatient', 'patient', new Date()),
      account('idle', 'doctor', new Date()),
    ]);
    const visit = (doctorId: object, patientId: object, status: string) => ({ doctorId, patientId, status });
    await collection('appointments').insertMany([
      visit(id.closed, id.patient, 'scheduled'),
      visit(id.staffNow, id.patient, 'pending'),
      visit(id.doctor, id.patient, 'scheduled'),
      visit(id.doctor, id.closedPatient, 'scheduled'),
      visit(id.idle, id.patient, 'completed'),
    ]);
    await repeatedly(CLOSED_ACCOUNTS_MIGRATION);
    const marked = await collection('accounts').find({ leaving: true }).sort({ email: 1 }).toArray();
    expect(marked.map(({ email }) => String(email))).toEqual(
      ['closed', 'closedPatient', 'staffNow'].map((name) => `${name}@test.example`),
    );
    expect(await collection('accounts').countDocuments()).toBe(6);
  });
});
