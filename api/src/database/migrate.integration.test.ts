import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { it as databaseTest } from '../testing/database-test.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';

const it = databaseTest
  .extend('ran', (): string[] => [])
  .extend('step', ({ ran }) => (summary: string, fail = false): Migration => ({
    summary,
    run: () => {
      ran.push(summary);
      return fail ? Promise.reject(new Error('failed')) : Promise.resolve();
    },
  }))
  .extend(
    'run',
    ({ database: { connection, logger } }) =>
      (...steps: Migration[]) =>
        migrate(connection, steps, logger),
  );

describe('migrations', () => {
  it('start a new database at the newest version without running any', async ({ run, ran, step }) => {
    await run(step('one'), step('two'));
    expect(ran).toEqual([]);
    await run(step('one'), step('two'), step('three'));
    expect(ran).toEqual(['three']);
  });

  it('run each step once, in order', async ({ run, ran, step }) => {
    await run();
    await run(step('one'), step('two'));
    await run(step('one'), step('two'));
    expect(ran).toEqual(['one', 'two']);
  });

  it('run each step once also when two servers start at once', async ({ run, ran, step }) => {
    await run();
    await Promise.all([run(step('one'), step('two')), run(step('one'), step('two'))]);
    expect(ran).toEqual(['one', 'two']);
  });

  it('go on with the step that failed', async ({ run, ran, step }) => {
    await run();
    await expect(run(step('one'), step('two', true), step('three'))).rejects.toThrow('failed');
    await run(step('one'), step('two'), step('three'));
    expect(ran).toEqual(['one', 'two', 'two', 'three']);
  });

  it('are of one process also when a step outlasts the lock: another one waits until all are done', async ({
    database,
    run,
    ran,
    step,
  }) => {
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
      await migrate(database.connection, [slow, step('last')], database.logger, lockMs);
      ran.push('open');
    };
    await Promise.all([runner(), runner()]);
    expect(ran).toEqual(['slow', 'slow is done', 'last', 'open', 'open']);
  });

  it.for([
    { when: 'while a step runs', lockMs: 400, rest: () => new Promise<void>(() => undefined) },
    { when: 'by the end of a step', lockMs: 60_000, rest: () => Promise.resolve() },
  ])(
    'stop as soon as another process has taken over: $when',
    async ({ lockMs, rest }, { database, run, ran, step }) => {
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
      const migrating = migrate(database.connection, [overtaken, step('next')], database.logger, lockMs);
      await expect(migrating).rejects.toThrow('Another process');
      expect(ran).toEqual([]);
      expect(await schema.findOne({ _id: 'schema' })).toEqual({ _id: 'schema', schemaVersion: 0, ...taken });
    },
  );

  it('refuse a database that is newer than the program', async ({ run, step }) => {
    await run(step('one'), step('two'));
    await expect(run(step('one'))).rejects.toThrow('start a newer program');
  });
});
