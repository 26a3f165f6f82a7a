import { describe, expect } from 'vitest';
import { it as databaseTest } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import { TIME_ZONES_MIGRATION } from './time-zones-migration.ts';

const it = databaseTest.extend(
  'zoneOf',
  ({ database }) =>
    async (name: string, _id: ReturnType<typeof stored>): Promise<unknown> =>
      (await database.collection(name).findOne({ _id }))?.['timeZone'],
);

describe('zones that mean several places', () => {
  it.for([
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
  ])(
    'of doctors become what was meant, where that is clear: $name, $browser',
    async ({ name, browser, after }, { database }) => {
      const _id = stored();
      await database.collection('accounts').insertOne({ _id, timeZone: browser, email: 'd@test.example' });
      await database.collection('doctors').insertOne({ _id, timeZone: name, scheduleVersion: 3 });
      await database.migrateRepeatedly(TIME_ZONES_MIGRATION);
      const doctor = await database.collection('doctors').findOne({ _id });
      expect(doctor).toMatchObject({ timeZone: after, scheduleVersion: after === name ? 3 : 4 });
    },
  );

  it('of appointments become the one in which their wall time was that of their instant', async ({
    database,
    zoneOf,
  }) => {
    const time = { startsAt: new Date('2026-07-01T10:00:00Z'), endsAt: new Date('2026-07-01T10:20:00Z') };
    const visit = { ...time, timeZone: 'IST', date: '2026-07-01', endTime: '' };
    const [india, ireland, nowhere, archived] = [stored(), stored(), stored(), stored()];
    await database.collection('appointments').insertMany([
      { ...visit, _id: india, startTime: '15:30' },
      { ...visit, _id: ireland, startTime: '11:00' },
      { ...visit, _id: nowhere, startTime: '03:00' },
    ]);
    await database.collection('appointments_archive').insertOne({ ...visit, _id: archived, startTime: '13:00' });
    const bell = [stored(), stored(), stored()] as const;
    await database.collection('notifications').insertMany([
      { _id: bell[0], appointmentId: ireland, timeZone: 'IST' },
      { _id: bell[1], appointmentId: archived, timeZone: 'IST' },
      { _id: bell[2], appointmentId: stored(), timeZone: 'IST' },
    ]);
    await database.migrateRepeatedly(TIME_ZONES_MIGRATION);
    expect(await zoneOf('appointments', india)).toBe('Asia/Kolkata');
    expect(await database.collection('appointments').findOne({ _id: ireland })).toEqual({
      ...visit,
      _id: ireland,
      timeZone: 'Europe/Dublin',
      startTime: '11:00',
      endTime: '11:20',
    });
    expect(await database.collection('appointments').findOne({ _id: nowhere })).toMatchObject({
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

  it('of appointments are those of their doctors where several places had that wall time', async ({
    database,
    zoneOf,
  }) => {
    const [mexican, unsure] = [stored(), stored()];
    await database.collection('accounts').insertMany([
      { _id: mexican, timeZone: 'America/Mexico_City', email: 'm@test.example' },
      { _id: unsure, timeZone: null, email: 'u@test.example' },
    ]);
    await database.collection('doctors').insertMany([mexican, unsure].map((_id) => ({ _id, timeZone: 'CST' })));
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
    await database.collection('appointments').insertMany([winter, nobodys]);
    await database.collection('appointments_archive').insertOne(summer);
    await database.migrateRepeatedly(TIME_ZONES_MIGRATION);
    expect(await zoneOf('appointments', winter._id)).toBe('America/Mexico_City');
    expect(await zoneOf('appointments_archive', summer._id)).toBe('America/Mexico_City');
    expect(await zoneOf('appointments', nobodys._id)).toBe('America/Chicago');
  });

  it('and zones that nobody here knows stay with appointments and what was told of them, and are counted', async ({
    database,
  }) => {
    const startsAt = new Date('2026-07-01T10:00:00Z');
    const time = { startsAt, endsAt: new Date(startsAt.getTime() + 20 * 60_000), date: '2026-07-01' };
    const visit = { ...time, _id: stored(), timeZone: 'Mars/Olympus', startTime: '03:00', endTime: '03:20' };
    const bell = { _id: stored(), appointmentId: visit._id, timeZone: 'Mars/Olympus' };
    await database.collection('appointments').insertOne(visit);
    await database.collection('notifications').insertOne(bell);
    await database.migrateRepeatedly(TIME_ZONES_MIGRATION);
    expect(await database.collection('appointments').findOne({ _id: visit._id })).toEqual(visit);
    expect(await database.collection('notifications').findOne({ _id: bell._id })).toEqual(bell);
    expect(database.logLines.join('')).toContain('"visits":0,"left":1');
  });

  it('of browsers are told anew, of listings made anew; the log holds numbers alone', async ({ database, zoneOf }) => {
    const [account, sound, listing] = [stored(), stored(), stored()];
    await database.collection('accounts').insertMany([
      { _id: account, timeZone: 'CST', email: 'canary-a@test.example', name: 'Canary' },
      { _id: sound, timeZone: 'Asia/Tokyo', email: 'b@test.example' },
    ]);
    await database.collection('doctors').insertOne({ _id: account, timeZone: 'CST' });
    await database.collection('doctor_listings').insertMany([
      { _id: listing, timeZone: 'IST' },
      { _id: sound, timeZone: 'Asia/Tokyo' },
    ]);
    await database.migrateRepeatedly(TIME_ZONES_MIGRATION);
    expect([await zoneOf('accounts', account), await zoneOf('accounts', sound)]).toEqual([null, 'Asia/Tokyo']);
    expect(await database.collection('doctor_listings').find().toArray()).toMatchObject([{ _id: sound }]);
    expect(database.logLines.join('')).toContain('"toChoose":1');
    expect(database.logLines.join('')).not.toMatch(/canary/i);
  });
});
