import { endpoints, fillPath, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { toStoredId } from './ids.ts';

/** What the database's profiler tells of an operation (system.profile). */
const operationSchema = z.object({
  ns: z.string(),
  op: z.string(),
  planSummary: z.string().optional(),
  command: z.unknown(),
  originatingCommand: z.unknown().optional(),
});

const DAY_MS = 24 * 60 * 60_000;
const scheduleSchema = z.object({ schedule: z.looseObject({}), version: z.number() });
const ROLES = ['patient', 'doctor', 'staff', 'administrator'] as const;
const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
/** The description of the API and how the clinic is reached come from no database. */
const reads = areas
  .flatMap((area) => Object.values(area))
  .filter(({ method, path }) => method === 'GET' && !['/api/openapi.json', '/api/clinic'].includes(path));

/** Queries of lists and searches; every GET route is also asked without any. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/doctors': [
    'term=muller',
    'term=skin+doctor&free=week&mode=video',
    'specialization=Cardiology',
    'specialization=Cardiology&minimumYears=2&language=Deutsch&mode=chat&free=today',
    'language=Deutsch',
    'minimumYears=5',
    'mode=video',
    'mode=chat&sort=name',
    'free=week',
    'sort=name',
    'sort=experience',
  ],
  '/api/doctors/:doctorId/slots': ['from=2027-01-12&timeZone=UTC'],
  '/api/appointments/day': ['from=2027-01-12&days=7'],
  '/api/admin/audit': ['action=view', 'outcome=refused', 'requestId=01234567-89ab-4def-8123-456789abcdef'],
};
const POSTED_SEARCHES = [
  ['/api/admin/accounts/search', {}],
  ['/api/admin/accounts/search', { text: 'pat' }],
  ['/api/admin/accounts/search', { role: 'doctor', status: 'active' }],
] as const;

const ID = 'f'.repeat(24);
const LATER = `${Date.UTC(2027, 0, 12)}-${ID}`;
const placed = (value: string | number): string => Buffer.from(JSON.stringify([value, ID])).toString('base64url');

/** Second pages: they ask for what comes after a place, which is another query than the first. */
const NEXT_PAGES = [
  ['patient', '/api/doctors', `cursor=${placed('2027-01-12T00:00:00.000Z')}`],
  ['patient', '/api/doctors', `mode=video&term=doc&cursor=${placed('2027-01-12T00:00:00.000Z')}`],
  ['patient', '/api/doctors', `specialization=Cardiology&cursor=${placed('2027-01-12T00:00:00.000Z')}`],
  ['patient', '/api/doctors', `sort=name&cursor=${placed('doctor')}`],
  ['patient', '/api/doctors', `sort=experience&cursor=${placed(3)}`],
  ['patient', '/api/doctors/:doctorId/reviews', `cursor=${ID}`],
  ['patient', '/api/notifications', `before=${ID}`],
  ['doctor', '/api/notifications', `before=${ID}`],
  ['patient', '/api/records/access', `before=${LATER}`],
  ['administrator', '/api/admin/audit', `before=${LATER}`],
  ['administrator', '/api/admin/audit', `action=view&before=${LATER}`],
  ['administrator', '/api/admin/audit', `accountId=${ID}&before=${LATER}`],
  ['administrator', '/api/admin/audit', `patientId=${ID}&from=2026-01-01T00:00:00Z&before=${LATER}`],
  ['doctor', '/api/patients', `cursor=${LATER}`],
  ['doctor', '/api/patients/:patientId/history', `cursor=${LATER}`],
  ['patient', '/api/patients/:patientId/history', `cursor=${LATER}`],
] as const;

/** "refresh directory" is none of them: it compares all doctors with all listings, once a minute. */
const JOBS = [
  'send reminders',
  'archive appointments',
  'expire requests',
  'give back holds',
  'end visits that were left',
];

let server: TestServer;
let people: ReadonlyMap<string, { person: Person; cookie: string }>;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await TestServer.start();
  const desk = BookingDesk.create(server);
  const doctor = await desk.doctor('Doctor');
  const made = ROLES.map(async (role) => {
    const person = role === 'doctor' ? doctor : await server.person(role, `The ${role}`);
    return [role, { person, cookie: await server.signIn(person) }] as const;
  });
  people = new Map(await Promise.all(made));
  const patient = people.get('patient');
  if (patient === undefined) throw new Error('There is no patient');
  const appointmentId = await server.appointment(doctor, patient.person, 0);
  await desk.booked(patient.cookie, doctor, desk.slot(3));
  await server.application.runJob('refresh directory');
  // After this one begins the second page of reviews: after one that there is not, there are none.
  await server.database.connection.collection('ratings').insertOne({
    _id: toStoredId(ID),
    appointmentId: toStoredId(appointmentId),
    doctorId: toStoredId(doctor.id),
    ...{ rating: 5, review: 'Kind', ratedAt: new Date(server.clock.now()) },
  });
  const absent = 'f'.repeat(24);
  ids = {
    appointmentId,
    consultationId: appointmentId,
    doctorId: doctor.id,
    patientId: patient.person.id,
    accountId: patient.person.id,
    avatarId: absent,
    invitationId: absent,
    messageId: absent,
    holdId: absent,
    sessionId: '01234567-89ab-4def-8123-456789abcdef',
  };
});
afterAll(() => server.close());

/** A change stream reads the log of the database, from where it stopped; it runs beside whatever is done. */
const followsLog = ({ originatingCommand }: z.infer<typeof operationSchema>): boolean =>
  JSON.stringify(originatingCommand ?? null).includes('"$changeStream"');

/** Operations that looked at whole collections while something was done. */
async function scansOf(work: () => Promise<unknown>): Promise<string[]> {
  const { db } = server.database.connection;
  if (db === undefined) throw new Error('There is no database');
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const profile = db.collection('system.profile');
  const profiled = z.array(operationSchema).parse(await profile.find({}).toArray());
  const operations = profiled.filter((operation) => !followsLog(operation));
  await profile.drop();
  expect(operations.some(({ planSummary }) => planSummary !== undefined)).toBe(true);
  return operations
    .filter(({ ns, planSummary }) => !ns.includes('.system.') && planSummary?.includes('COLLSCAN') === true)
    .map(({ ns, command }) => `${ns.split('.')[1] ?? ''} ${JSON.stringify(command).slice(0, 400)}`);
}

describe('no list and no search looks at a whole collection (R24)', () => {
  it('sees one that does', async () => {
    const accounts = server.database.connection.collection('accounts');
    expect(await scansOf(() => accounts.find({ name: 'x' }).toArray())).toHaveLength(1);
  });

  it.each(reads.map((endpoint) => [endpoint.path, endpoint] as const))('GET %s', async (path, endpoint) => {
    const queries = QUERIES[path]?.map((query) => `?${query}`) ?? [];
    const scans = await scansOf(async () => {
      for (const query of ['', ...queries]) {
        for (const { cookie } of people.values()) {
          const response = await server.call('GET', fillPath(endpoint.path, ids) + query, { cookie });
          expect(response.status, `${path}${query}`).toBeLessThan(500);
        }
      }
    });
    expect(scans).toEqual([]);
  });

  it.each(POSTED_SEARCHES)('POST %s %j', async (path, body) => {
    const cookie = people.get('administrator')?.cookie;
    const scans = await scansOf(async () => {
      expect((await server.call('POST', path, { cookie, body })).status).toBe(200);
    });
    expect(scans).toEqual([]);
  });

  it.each(NEXT_PAGES)('of a %s: GET %s?%s', async (role, path, query) => {
    const cookie = people.get(role)?.cookie;
    const scans = await scansOf(async () => {
      const response = await server.call('GET', `${fillPath(path, ids)}?${query}`, { cookie });
      expect(response.status, await response.text()).toBe(200);
    });
    expect(scans).toEqual([]);
  });

  it('what a schedule would change, previewed and saved', async () => {
    const cookie = people.get('doctor')?.cookie;
    const own = await server.call('GET', '/api/schedule', { cookie });
    const { schedule, version } = scheduleSchema.parse(await own.json());
    const scans = await scansOf(async () => {
      const previewed = await server.call('POST', '/api/schedule/preview', { cookie, body: { schedule } });
      expect(previewed.status, await previewed.text()).toBe(200);
      const saved = await server.call('PUT', '/api/schedule', { cookie, body: { schedule, version, keep: [] } });
      expect(saved.status, await saved.text()).toBe(200);
      await server.application.settled();
    });
    expect(scans).toEqual([]);
  });

  it.each(JOBS)('the job "%s"', async (name) => {
    const cookie = people.get('patient')?.cookie;
    const doctorId = ids['doctorId'];
    const startsAt = BookingDesk.create(server).slot(3, 9).startsAt.toISOString();
    const held = await server.call('POST', '/api/holds', { cookie, body: { doctorId, startsAt } });
    expect(held.status).toBe(201);
    // A request that nobody answered, a visit that nobody came to and a hold whose time is over are there then.
    const days = name === 'archive appointments' ? 400 : 4;
    server.clock.advance(days * DAY_MS);
    const scans = await scansOf(() => server.application.runJob(name));
    server.clock.advance(-days * DAY_MS);
    expect(scans).toEqual([]);
  });
});
