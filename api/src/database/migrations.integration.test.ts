import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { databaseUri } from '../testing/test-server.ts';
import { Database } from './database.ts';
import { migrate, type Migration } from './migrations.ts';

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

  it('refuse a database that is newer than the program', async () => {
    await run(step('one'), step('two'));
    await expect(run(step('one'))).rejects.toThrow('start a newer program');
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
