import { endpoints, fillPath, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ABSENT_ID, NEXT_PAGES, POSTED_SEARCHES, QUERIES } from '../testing/asked-queries.ts';
import { crowd } from '../testing/crowd.ts';
import { Hospital } from '../testing/hospital.ts';
import { isCount, QueryProfiler, type PlanException } from '../testing/query-profiler.ts';
import type { TestServer } from '../testing/test-server.ts';
import { toStoredId } from './ids.ts';

/** So many documents has each collection, most of them of other people. */
const CROWD = 3000;
/** So many of these belong to those who ask: more than a page, and more than may be looked at in vain. */
const OWN = 400;

/** What looks at more than it answers, and why. Each must be met, so that none is left behind. */
const EXCEPTIONS: readonly PlanException[] = [
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

const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;
const scheduleSchema = z.object({ schedule: z.looseObject({}), version: z.number() });
const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
/** The description of the API and how the clinic is reached come from no database. */
const reads = areas
  .flatMap((area) => Object.values(area))
  .filter(({ method, path }) => method === 'GET' && !['/api/openapi.json', '/api/clinic'].includes(path));

let hospital: Hospital;
let server: TestServer;
let profiler: QueryProfiler;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  hospital = await Hospital.start();
  ({ server } = hospital);
  profiler = await QueryProfiler.of(server.database.connection, EXCEPTIONS);
  const { people, visitId } = hospital;
  // After this one begins the second page of reviews: after one that there is not, there are none.
  await server.database.connection.collection('ratings').insertOne({
    _id: toStoredId(ABSENT_ID),
    appointmentId: toStoredId(visitId),
    doctorId: toStoredId(people.doctor.id),
    ...{ rating: 5, review: 'Kind', ratedAt: new Date(server.clock.now()) },
  });
  ids = {
    appointmentId: visitId,
    consultationId: visitId,
    doctorId: people.doctor.id,
    patientId: people.patient.id,
    accountId: people.patient.id,
    avatarId: ABSENT_ID,
    invitationId: ABSENT_ID,
    messageId: ABSENT_ID,
    holdId: ABSENT_ID,
    sessionId: '01234567-89ab-4def-8123-456789abcdef',
  };
});
afterAll(() => server.close());

/** Everything is there in great number: of others, and of those who ask. */
async function fill(): Promise<void> {
  const { connection } = server.database;
  const overSince = (days: number) => {
    const closedAt = new Date(server.clock.now() - days * DAY_MS);
    return { status: 'completed', closedAt, noteState: 'none' } as const;
  };
  await hospital.visit(-401 * DAY_MINUTES, overSince(400));
  await server.application.runJob('archive appointments');
  await hospital.visit(-2 * DAY_MINUTES, overSince(1));
  const kept = Object.values(hospital.people).map(({ id }) => id);
  const own = { documents: OWN, kept, apartMs: 60_000 };
  await crowd(connection, { ...own, collections: ['audit_entries', 'notifications', 'ratings'] });
  const over = { ...own, apartMs: DAY_MS, where: { status: 'completed' } };
  await crowd(connection, { ...over, collections: ['appointments', 'appointments_archive'] });
  await crowd(connection, { documents: CROWD });
  // Copies have words of their own, but the mail of all goes to the same hospital.
  const words = { $each: ['@test.example', 'test', 'example'] };
  await connection.collection('accounts').updateMany({}, { $addToSet: { searchWords: words } });
}

describe('no list and no search looks at much more than it answers, in a hospital with many others (R24)', () => {
  beforeAll(fill, 180_000);

  it('sees one that does, by an index as well', async () => {
    const entries = server.database.connection.collection('audit_entries');
    const inVain = () => entries.find({ detail: 'nowhere' }).sort({ at: -1, _id: -1 }).toArray();
    expect(await profiler.wasteOf(inVain)).toHaveLength(1);
  });

  it.each(reads.map((endpoint) => [endpoint.path, endpoint] as const))('GET %s', async (path, endpoint) => {
    const queries = QUERIES[path]?.map((query) => `?${query.replace('OWN', ids['patientId'] ?? '')}`) ?? [];
    const waste = await profiler.wasteOf(async () => {
      for (const cookie of Object.values(hospital.cookies)) {
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
    const cookie = hospital.cookies.administrator;
    const waste = await profiler.wasteOf(async () => {
      expect((await server.call('POST', path, { cookie, body })).status).toBe(200);
    });
    expect(waste).toEqual([]);
  });

  it.each(NEXT_PAGES)('of a %s: GET %s?%s', async (role, path, query) => {
    const cookie = hospital.cookies[role];
    const waste = await profiler.wasteOf(async () => {
      const response = await server.call('GET', `${fillPath(path, ids)}?${query}`, { cookie });
      expect(response.status, await response.text()).toBe(200);
    });
    expect(waste).toEqual([]);
  });

  it('what a schedule would change, previewed and saved', async () => {
    const cookie = hospital.cookies.doctor;
    const own = await server.call('GET', '/api/schedule', { cookie });
    const { schedule, version } = scheduleSchema.parse(await own.json());
    const waste = await profiler.wasteOf(async () => {
      const previewed = await server.call('POST', '/api/schedule/preview', { cookie, body: { schedule } });
      expect(previewed.status, await previewed.text()).toBe(200);
      const saved = await server.call('PUT', '/api/schedule', { cookie, body: { schedule, version, keep: [] } });
      expect(saved.status, await saved.text()).toBe(200);
      await server.application.settled();
    });
    expect(waste).toEqual([]);
  });

  it('every exception is still one', () => {
    expect(profiler.unmet).toEqual([]);
  });
});
