import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Application } from '../application.ts';
import { toStoredId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { cuttableWay } from '../testing/cuttable-way.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { JobSchedule } from './job-schedule.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
const quiet = createLogger({ logLevel: 'silent', logFormat: 'json' });

let server: TestServer;
let children: ChildProcess[];

beforeEach(async () => {
  children = [];
  server = await TestServer.start();
});
afterEach(async () => {
  await Promise.all(children.map((child) => end(child, 'SIGTERM')));
  await server.close();
});

/** An api process of its own on the test server's database, with the real clock and its jobs. */
function start(): ChildProcess {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HC_DATA_DIR: server.config.dataDir,
    HC_PORT: '0',
    HC_LOG_LEVEL: 'error',
    MONGODB_URI: server.config.mongodbUri,
  };
  const child = fork(MAIN, { env, execArgv: [], stdio: 'ignore' });
  children.push(child);
  return child;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

const countOf = (collection: string, filter: object): Promise<number> =>
  server.database.connection.collection(collection).countDocuments(filter);

describe('reminders by processes that are killed', () => {
  it('come exactly once to each person', async () => {
    const news = await TestNews.of(server);
    const doctor = await server.person('doctor', 'Dr Lima');
    const patients: Person[] = [];
    // Due in a few seconds of the real clock.
    server.clock.set(Date.now() - 10 * MINUTE_MS + 4 * SECOND_MS);
    for (let count = 0; count < 40; count += 1) {
      const patient = await server.person('patient', `Pat ${count}`);
      await news.tell(await server.appointment(doctor, patient, 20), 'confirm', 'doctor');
      patients.push(patient);
    }
    const reminders = { kind: 'reminder-minutes' };
    const [first, second] = [start(), start()];
    await vi.waitFor(async () => expect(await countOf('notifications', reminders)).toBeGreaterThan(0), {
      timeout: 40_000,
      interval: 5,
    });
    await Promise.all([end(first, 'SIGKILL'), end(second, 'SIGKILL')]);
    const before = await countOf('notifications', reminders);
    start();
    start();
    await vi.waitFor(async () => expect(await countOf('reminders', { state: 'planned' })).toBe(0), 80_000);
    expect(before).toBeLessThan(80);
    for (const { id, email } of patients) {
      expect(await countOf('notifications', { ...reminders, accountId: toStoredId(id) })).toBe(1);
      expect((await news.mailsTo(email)).filter(({ subject }) => subject === 'Your appointment is soon')).toHaveLength(
        1,
      );
    }
    expect(await countOf('notifications', reminders)).toBe(80);
  }, 150_000);
});

describe('the schedule of jobs', () => {
  function scheduleOf(
    runs: string[],
    name: string,
    work: () => Promise<void> = () => Promise.resolve(),
    address = server.config.mongodbUri,
  ): JobSchedule {
    const run = async (): Promise<void> => {
      runs.push(name);
      await work();
    };
    const jobs = [{ name: 'count', everySeconds: 1, lockSeconds: 15, run }];
    return JobSchedule.create({ jobs, address, enabled: true, logger: quiet });
  }

  it('goes on in the other process when one is closed, and after a failure', async () => {
    const runs: string[] = [];
    const failing = scheduleOf(runs, 'failing', () => Promise.reject(new Error('not today')));
    failing.start();
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(1), 20_000);
    const other = scheduleOf(runs, 'other');
    other.start();
    await failing.close();
    const count = runs.length;
    await vi.waitFor(() => expect(runs.slice(count)).toContain('other'), 20_000);
    expect(runs.slice(count)).not.toContain('failing');
    await other.close();
    const stored = await server.database.connection.collection('jobs').find().toArray();
    expect(z.array(z.looseObject({ lockedAt: z.null() })).parse(stored)).toHaveLength(1);
  });

  it('waits for a run that is under way before it is closed', async () => {
    const [began, mayEnd] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const steps: string[] = [];
    const schedule = scheduleOf([], 'slow', async () => {
      began.resolve(undefined);
      await mayEnd.promise;
      steps.push('run ended');
    });
    schedule.start();
    await began.promise;
    const closed = schedule.close().then(() => steps.push('closed'));
    setImmediate(() => mayEnd.resolve(undefined));
    await closed;
    expect(steps).toEqual(['run ended', 'closed']);
  });

  it('goes on after the database was away, as it starts and later', async () => {
    const way = await cuttableWay(server.config.mongodbUri);
    const runs: string[] = [];
    const schedule = scheduleOf(runs, 'run', undefined, way.uri);
    way.cut();
    schedule.start();
    await vi.waitFor(() => expect(way.refused()).toBeGreaterThan(2), 20_000);
    expect(runs).toEqual([]);
    way.mend();
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(0), 20_000);
    way.cut();
    const refused = way.refused();
    await vi.waitFor(() => expect(way.refused()).toBeGreaterThan(refused + 2), 20_000);
    const before = runs.length;
    way.mend();
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(before + 1), 40_000);
    await schedule.close();
    way.close();
  }, 90_000);

  it('can be closed while the database is away', async () => {
    const jobs = [{ name: 'never', everySeconds: 1, lockSeconds: 15, run: () => Promise.resolve() }];
    const address = 'mongodb://127.0.0.1:1/nowhere?directConnection=true';
    const schedule = JobSchedule.create({ jobs, address, enabled: true, logger: quiet });
    schedule.start();
    await schedule.close();
    await expect(schedule.run('unknown')).rejects.toThrow(RangeError);
  });

  it('is kept by an index, and runs nothing where jobs are switched off', async () => {
    expect(await countOf('jobs', {})).toBe(0);
    const own = await Application.start({ ...server.config, jobs: true }, quiet, server.clock);
    await vi.waitFor(
      async () => expect(await countOf('jobs', { lastFinishedAt: { $ne: null } })).toBeGreaterThan(1),
      20_000,
    );
    await own.close();
    const names = await server.database.connection.collection('jobs').distinct('name');
    expect(names).toEqual(expect.arrayContaining(['archive appointments', 'send reminders']));
    const find = server.database.connection
      .collection('jobs')
      .find({ name: 'send reminders', nextRunAt: { $lte: new Date() } });
    expect(JSON.stringify(await find.explain())).not.toContain('COLLSCAN');
  });
});
