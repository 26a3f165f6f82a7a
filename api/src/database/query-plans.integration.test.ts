import { endpoints, fillPath, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BookingDesk } from '../testing/booking-desk.ts';
import { crowd } from '../testing/crowd.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { toStoredId } from './ids.ts';

/** What the database's profiler tells of an operation (system.profile). */
const operationSchema = z.object({
  ns: z.string(),
  op: z.string(),
  planSummary: z.string().optional(),
  docsExamined: z.number().default(0),
  keysExamined: z.number().default(0),
  /** What came of it: documents that were answered, changed, removed. */
  nreturned: z.number().default(0),
  nMatched: z.number().default(0),
  ndeleted: z.number().default(0),
  command: z.unknown(),
  originatingCommand: z.unknown().optional(),
});

type Operation = z.infer<typeof operationSchema>;

/** So many documents has each collection, most of them of other people. */
const CROWD = 3000;
/** So many of these belong to those who ask: more than a page, and more than may be looked at in vain. */
const OWN = 400;
/** What may be looked at: for each document that is answered, and besides. */
const EXAMINED_EACH = 4;
const EXAMINED_BESIDES = 150;

/** What looks at more than it answers, and why. Each must be met, so that none is left behind. */
const EXCEPTIONS: readonly { readonly why: string; readonly is: (operation: Operation) => boolean }[] = [
  {
    why: 'How many doctors fit is counted by the keys of an index; there are as many as the hospital has doctors at most',
    is: (operation) => isCount(operation) && operation.ns.endsWith('.doctor_listings'),
  },
  {
    why: 'What is unread of one person is counted by the keys of an index',
    is: (operation) => isCount(operation) && operation.ns.endsWith('.notifications'),
  },
  {
    why: "A doctor's patients are gathered from the keys of the doctor's own visits, without reading one",
    is: ({ ns, docsExamined, command }) =>
      docsExamined === 0 && ns.endsWith('.appointments') && JSON.stringify(command).includes('"_id":"$patientId"'),
  },
];
/** Why something was let through. */
const met = new Set<string>();
/** For all tests: it cannot be emptied while something that began under the profiler goes on. */
const PROFILE_BYTES = 256 * 1024 * 1024;

const DAY_MS = 24 * 60 * 60_000;
/** Later than any job of the test runs. */
const NOT_DUE_MS = 500 * DAY_MS;
const scheduleSchema = z.object({ schedule: z.looseObject({}), version: z.number() });
const ROLES = ['patient', 'doctor', 'staff', 'administrator'] as const;
const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
/** The description of the API and how the clinic is reached come from no database. */
const reads = areas
  .flatMap((area) => Object.values(area))
  .filter(({ method, path }) => method === 'GET' && !['/api/openapi.json', '/api/clinic'].includes(path));

const ID = 'f'.repeat(24);

/** Every way of narrowing down the trail: who, what, how it ended, when. */
function auditSearches(whose: readonly string[]): string[] {
  const with_ = (queries: readonly string[], more: readonly string[]) =>
    queries.flatMap((query) => more.map((part) => [query, part].filter((text) => text !== '').join('&')));
  const what = ['', 'action=view', 'action=download', 'action=failure'];
  const ended = ['', 'outcome=ok', 'outcome=refused', 'outcome=failed'];
  const time = ['', 'from=2030-01-01T00:00:00Z', 'to=2020-01-01T00:00:00Z'];
  return with_(with_(with_(whose, what), ended), time).filter((query) => query !== '');
}

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
  '/api/admin/audit': [
    'requestId=01234567-89ab-4def-8123-456789abcdef',
    ...auditSearches(['', `accountId=${ID}`, 'accountId=OWN', `patientId=${ID}`, 'patientId=OWN']),
  ],
};
const POSTED_SEARCHES = [
  ['/api/admin/accounts/search', {}],
  ['/api/admin/accounts/search', { text: 'pat' }],
  ['/api/admin/accounts/search', { text: 'patient the' }],
  ['/api/admin/accounts/search', { text: 'the.patient' }],
  ['/api/admin/accounts/search', { text: 'the.patient@nowhere' }],
  ['/api/admin/accounts/search', { text: '@test.ex' }],
  ['/api/admin/accounts/search', { text: 'the test.example' }],
  ['/api/admin/accounts/search', { text: 'pat', role: 'staff', status: 'disabled' }],
  ['/api/admin/accounts/search', { text: 'q', role: 'doctor' }],
  ['/api/admin/accounts/search', { role: 'administrator' }],
  ['/api/admin/accounts/search', { status: 'disabled' }],
  ['/api/admin/accounts/search', { role: 'doctor', cursor: '5'.repeat(24) }],
  ['/api/admin/accounts/search', { role: 'doctor', status: 'active' }],
] as const;

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
  'delete left pictures',
];

let server: TestServer;
let people: ReadonlyMap<string, { person: Person; cookie: string }>;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await TestServer.start();
  await server.database.connection.createCollection('system.profile', { capped: true, size: PROFILE_BYTES });
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

/** Everything is there in great number: of others, and of those who ask. */
async function fill(): Promise<void> {
  const { connection } = server.database;
  const [doctor, patient] = [people.get('doctor')?.person, people.get('patient')?.person];
  if (doctor === undefined || patient === undefined) throw new Error('There is nobody to see');
  const closedAt = new Date(server.clock.now() - DAY_MS);
  const outcome = { status: 'completed', closedAt, noteState: 'none' } as const;
  await server.appointment(doctor, patient, -2 * 24 * 60, outcome);
  const kept = [...people.values()].map(({ person }) => person.id);
  const own = { documents: OWN, kept, apartMs: 60_000 };
  await crowd(connection, { ...own, collections: ['audit_entries', 'notifications', 'ratings'] });
  const over = { ...own, apartMs: DAY_MS, where: { status: 'completed' } };
  await crowd(connection, { ...over, collections: ['appointments', 'appointments_archive'] });
  await crowd(connection, { documents: CROWD });
  // Copies have words of their own, but the mail of all goes to the same hospital.
  const words = { $each: ['@test.example', 'test', 'example'] };
  await connection.collection('accounts').updateMany({}, { $addToSet: { searchWords: words } });
}

/** What the jobs look through. */
const WAITING = ['reminders', 'holds', 'time_claims'];

/**
 * Something is due for each job, and much is not: of others, later than the jobs go.
 * @returns takes away again what is not due
 */
async function fillNotDue(): Promise<() => Promise<void>> {
  const { connection } = server.database;
  const [doctor, patient] = [people.get('doctor')?.person, people.get('patient')?.person];
  if (doctor === undefined || patient === undefined) throw new Error('There is nobody to see');
  const agreed = await server.appointment(doctor, patient, 3 * 24 * 60);
  await (await TestNews.of(server)).tell(agreed, 'confirm', 'patient');
  await hold(12);
  const before = new Map<string, ReturnType<typeof toStoredId>[]>();
  for (const name of ['appointments', ...WAITING]) before.set(name, await idsOf(name));
  const later = { documents: CROWD, apartMs: -NOT_DUE_MS };
  await crowd(connection, { ...later, collections: ['appointments', ...WAITING] });
  // What was over only lately when old appointments are archived: copies keep its date.
  const over = { status: 'completed', closedAt: new Date(server.clock.now()), noteState: 'none' } as const;
  await server.appointment(doctor, patient, 300 * 24 * 60, over);
  await crowd(connection, {
    documents: CROWD,
    apartMs: -1000,
    collections: ['appointments'],
    where: { status: 'completed' },
  });
  before.get('appointments')?.push(toStoredId(await server.appointment(doctor, patient, -2 * 24 * 60, over)));
  const copied = new Map<string, ReturnType<typeof toStoredId>[]>();
  for (const [name, kept] of before) {
    const known = new Set(kept.map((id) => id.toHexString()));
    copied.set(
      name,
      (await idsOf(name)).filter((id) => !known.has(id.toHexString())),
    );
  }
  return async () => {
    for (const [name, ids] of copied) await connection.collection(name).deleteMany({ _id: { $in: ids } });
  };
}

const idsOf = (name: string) => server.database.connection.collection(name).distinct('_id');

/** The patient keeps a time for a while. */
async function hold(hour: number): Promise<void> {
  const cookie = people.get('patient')?.cookie;
  const startsAt = BookingDesk.create(server).slot(3, hour).startsAt.toISOString();
  const held = await server.call('POST', '/api/holds', { cookie, body: { doctorId: ids['doctorId'], startsAt } });
  expect(held.status, await held.text()).toBe(201);
}

/** A change stream reads the log of the database, from where it stopped; it runs beside whatever is done. */
const followsLog = ({ originatingCommand }: z.infer<typeof operationSchema>): boolean =>
  JSON.stringify(originatingCommand ?? null).includes('"$changeStream"');

/** What the database did while something was done. */
async function operationsOf(work: () => Promise<unknown>): Promise<Operation[]> {
  const { db } = server.database.connection;
  if (db === undefined) throw new Error('There is no database');
  const startedAt = new Date();
  await db.command({ profile: 2 });
  try {
    await work();
  } finally {
    await db.command({ profile: 0 });
  }
  const profile = db.collection('system.profile');
  const profiled = z.array(operationSchema).parse(await profile.find({ ts: { $gte: startedAt } }).toArray());
  const operations = profiled.filter((operation) => !followsLog(operation) && !operation.ns.includes('.system.'));
  expect(operations.some(({ planSummary }) => planSummary !== undefined)).toBe(true);
  return operations;
}

const describeOperation = (operation: Operation): string => {
  const { ns, planSummary, docsExamined, keysExamined, nreturned, command } = operation;
  const looked = `${docsExamined} documents and ${keysExamined} keys for ${nreturned}`;
  return `${ns.split('.')[1] ?? ''}: ${looked} by ${planSummary ?? ''}: ${JSON.stringify(command).slice(0, 400)}`;
};

/** Operations that looked at whole collections, or at much more than came of it. */
async function wasteOf(work: () => Promise<unknown>): Promise<string[]> {
  const operations = await operationsOf(work);
  return operations.filter((operation) => isScan(operation) || isWaste(operation)).map(describeOperation);
}

/** Counts keys, and reads no document. */
const isCount = ({ planSummary, docsExamined }: Operation): boolean =>
  docsExamined === 0 && planSummary?.startsWith('COUNT_SCAN') === true;

const isScan = ({ planSummary }: Operation): boolean => planSummary?.includes('COLLSCAN') === true;

function isWaste(operation: Operation): boolean {
  const { docsExamined, keysExamined, nreturned, nMatched, ndeleted } = operation;
  const most = EXAMINED_EACH * (nreturned + nMatched + ndeleted) + EXAMINED_BESIDES;
  if (Math.max(docsExamined, keysExamined) <= most) return false;
  const exception = EXCEPTIONS.find(({ is }) => is(operation));
  if (exception !== undefined) met.add(exception.why);
  return exception === undefined;
}

describe('the check', () => {
  it('sees what looks at a whole collection', async () => {
    const accounts = server.database.connection.collection('accounts');
    expect(await wasteOf(() => accounts.find({ name: 'x' }).toArray())).toHaveLength(1);
  });
});

describe('no job looks at much more than it has to do, in a hospital where most is not due (R24)', () => {
  let empty: () => Promise<void>;
  beforeAll(async () => {
    empty = await fillNotDue();
  }, 180_000);
  // There is another crowd for the lists, of which everything would be due.
  afterAll(() => empty());

  it('sees one that does', async () => {
    const appointments = server.database.connection.collection('appointments');
    const inVain = () => appointments.find({ status: 'pending', comment: 'nowhere' }).sort({ startsAt: 1 }).toArray();
    expect(await wasteOf(inVain)).toHaveLength(1);
  });

  it.each(JOBS)('the job "%s"', async (name) => {
    await hold(9);
    // A request that nobody answered, a visit that nobody came to and a hold whose time is over are there then.
    const days = name === 'archive appointments' ? 400 : 4;
    server.clock.advance(days * DAY_MS);
    const waste = await wasteOf(() => server.application.runJob(name));
    server.clock.advance(-days * DAY_MS);
    expect(waste).toEqual([]);
  });
});

describe('no list and no search looks at much more than it answers, in a hospital with many others (R24)', () => {
  beforeAll(fill, 180_000);

  it('sees one that does, by an index as well', async () => {
    const entries = server.database.connection.collection('audit_entries');
    const inVain = () => entries.find({ detail: 'nowhere' }).sort({ at: -1, _id: -1 }).toArray();
    expect(await wasteOf(inVain)).toHaveLength(1);
  });

  it.each(reads.map((endpoint) => [endpoint.path, endpoint] as const))('GET %s', async (path, endpoint) => {
    const queries = QUERIES[path]?.map((query) => `?${query.replace('OWN', ids['patientId'] ?? '')}`) ?? [];
    const waste = await wasteOf(async () => {
      for (const { cookie } of people.values()) {
        for (const query of ['', ...queries]) {
          const response = await server.call('GET', fillPath(endpoint.path, ids) + query, { cookie });
          expect(response.status, `${path}${query}`).toBeLessThan(500);
          if (response.status === 403) break;
        }
      }
    });
    expect(waste).toEqual([]);
  });

  it('every search that is posted is in the table', () => {
    const posted = areas.flatMap((area) => Object.values(area)).filter(({ method }) => method === 'POST');
    const searches = posted.filter(({ path }) => path.endsWith('/search')).map(({ path }) => path);
    expect(new Set(POSTED_SEARCHES.map(([path]) => path as string))).toEqual(new Set(searches));
  });

  it.each(POSTED_SEARCHES)('POST %s %j', async (path, body) => {
    const cookie = people.get('administrator')?.cookie;
    const waste = await wasteOf(async () => {
      expect((await server.call('POST', path, { cookie, body })).status).toBe(200);
    });
    expect(waste).toEqual([]);
  });

  it.each(NEXT_PAGES)('of a %s: GET %s?%s', async (role, path, query) => {
    const cookie = people.get(role)?.cookie;
    const waste = await wasteOf(async () => {
      const response = await server.call('GET', `${fillPath(path, ids)}?${query}`, { cookie });
      expect(response.status, await response.text()).toBe(200);
    });
    expect(waste).toEqual([]);
  });

  it('what a schedule would change, previewed and saved', async () => {
    const cookie = people.get('doctor')?.cookie;
    const own = await server.call('GET', '/api/schedule', { cookie });
    const { schedule, version } = scheduleSchema.parse(await own.json());
    const waste = await wasteOf(async () => {
      const previewed = await server.call('POST', '/api/schedule/preview', { cookie, body: { schedule } });
      expect(previewed.status, await previewed.text()).toBe(200);
      const saved = await server.call('PUT', '/api/schedule', { cookie, body: { schedule, version, keep: [] } });
      expect(saved.status, await saved.text()).toBe(200);
      await server.application.settled();
    });
    expect(waste).toEqual([]);
  });

  it('every exception is still one', () => {
    expect(EXCEPTIONS.map(({ why }) => why).filter((why) => !met.has(why))).toEqual([]);
  });
});
