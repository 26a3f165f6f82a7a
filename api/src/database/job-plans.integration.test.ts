import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crowd } from '../testing/crowd.ts';
import { Hospital } from '../testing/hospital.ts';
import { QueryProfiler } from '../testing/query-profiler.ts';
import type { TestServer } from '../testing/test-server.ts';

/** So many documents has each collection that is looked through, most of them not due. */
const CROWD = 3000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;
/** Later than any job of the test runs. */
const NOT_DUE_MS = 500 * DAY_MS;
const LOOKED_THROUGH = ['appointments', 'reminders', 'holds', 'time_claims'];
/** "refresh directory" is none of them: it compares all doctors with all listings, once a minute. */
const JOBS = [
  'send reminders',
  'archive appointments',
  'expire requests',
  'give back holds',
  'end visits that were left',
  'delete left pictures',
  'forget unconfirmed sign-ups',
];

let hospital: Hospital;
let server: TestServer;
let profiler: QueryProfiler;

beforeAll(async () => {
  hospital = await Hospital.start();
  ({ server } = hospital);
  profiler = await QueryProfiler.of(server.database.connection);
});
afterAll(() => server.close());

/** Something is due for each job, and much is not: of others, later than the jobs go. */
async function fillNotDue(): Promise<void> {
  const { connection } = server.database;
  await crowd(connection, { documents: CROWD, apartMs: -NOT_DUE_MS, collections: LOOKED_THROUGH });
  // What was over only lately when old appointments are archived: copies keep its date.
  const over = { status: 'completed', closedAt: new Date(server.clock.now()), noteState: 'none' } as const;
  await hospital.visit(300 * DAY_MINUTES, over);
  const late = { apartMs: -1000, where: { status: 'completed' } };
  await crowd(connection, { documents: CROWD, collections: ['appointments'], ...late });
  // Old, with a note that nobody signs: it stays.
  await hospital.visit(-3 * DAY_MINUTES, { ...over, noteState: 'draft' });
  const drafts = { apartMs: -1000, where: { noteState: 'draft' } };
  await crowd(connection, { documents: CROWD, collections: ['appointments'], ...drafts });
  await hospital.visit(-2 * DAY_MINUTES, over);
}

describe('no job looks at much more than it has to do, in a hospital where most is not due (R24)', () => {
  beforeAll(fillNotDue, 180_000);

  it('sees one that does', async () => {
    const appointments = server.database.connection.collection('appointments');
    const inVain = () => appointments.find({ status: 'pending', comment: 'nowhere' }).sort({ startsAt: 1 }).toArray();
    expect(await profiler.wasteOf(inVain)).toHaveLength(1);
  });

  it.each(JOBS)('the job "%s"', async (name) => {
    await hospital.hold(9);
    // A request that nobody answered, a visit that nobody came to and a hold whose time is over are there then.
    const days = name === 'archive appointments' ? 400 : 4;
    server.clock.advance(days * DAY_MS);
    const waste = await profiler.wasteOf(() => server.application.runJob(name));
    server.clock.advance(-days * DAY_MS);
    expect(waste).toEqual([]);
  });
});
