import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { OwnMongod } from '../../../tools/testing/own-mongod.ts';
import { AuditTrailRepository } from '../audit/audit-trail.repository.ts';
import { createLogger } from '../logging/logger.ts';
import { Database } from './database.ts';

const DATABASE = 'reports';
const NAME = 'audit_entries';
const WAIT_MS = 30_000;
const configSchema = z.looseObject({ version: z.int(), members: z.array(z.looseObject({})) });
const statusSchema = z.object({ members: z.array(z.looseObject({ stateStr: z.string() })) });
const operationsSchema = z.object({ inprog: z.array(z.unknown()) });

let primary: OwnMongod;
let secondary: OwnMongod;
let database: Database;
/** To the secondary itself. */
let behind: Connection;

const command = async (connection: Connection, name: string, wanted: object): Promise<unknown> =>
  connection.getClient().db(name).command(wanted);

/** A replica set with a member that is only read from. */
beforeAll(async () => {
  [primary, secondary] = await Promise.all([OwnMongod.start(), OwnMongod.start({ alone: false })]);
  const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
  database = await Database.connect(primary.uri(DATABASE), logger);
  const { connection } = database;
  const { config } = z
    .looseObject({ config: configSchema })
    .parse(await command(connection, 'admin', { replSetGetConfig: 1 }));
  const added = { _id: 1, host: `127.0.0.1:${secondary.port}`, priority: 0, votes: 0 };
  const members = [...config.members, added];
  await command(connection, 'admin', { replSetReconfig: { ...config, version: config.version + 1, members } });
  await vi.waitFor(async () => {
    const status = statusSchema.parse(await command(connection, 'admin', { replSetGetStatus: 1 }));
    expect(status.members.map(({ stateStr }) => stateStr)).toEqual(['PRIMARY', 'SECONDARY']);
  }, WAIT_MS);
  const address = `mongodb://127.0.0.1:${secondary.port}/${DATABASE}?directConnection=true`;
  behind = await mongoose.createConnection(address).asPromise();
}, 90_000);
afterAll(async () => {
  await behind.close();
  await database.close();
  await Promise.all([primary.close(), secondary.close()]);
});

it('reads reports from a secondary, which is waited for where it is behind (R27)', async () => {
  const entries = database.connection.collection(NAME);
  const counts = () =>
    database.report((reading) => AuditTrailRepository.create(database.connection, reading).writers());
  await entries.insertOne({ writer: 'first', number: 1 });
  expect(await counts()).toEqual([{ writer: 'first', total: 1, numbered: 1 }]);

  await command(behind, DATABASE, { profile: 2 });
  await command(behind, 'admin', { fsync: 1, lock: true });
  await entries.insertOne({ writer: 'first', number: 2 });
  const counted = counts();
  let answered = false;
  void counted.finally(() => (answered = true));
  await vi.waitFor(async () => {
    const { inprog } = operationsSchema.parse(
      await command(behind, 'admin', { currentOp: 1, 'command.aggregate': NAME }),
    );
    expect(inprog.length > 0 || answered).toBe(true);
  }, WAIT_MS);
  expect(await behind.collection(NAME).countDocuments()).toBe(1);
  await command(behind, 'admin', { fsyncUnlock: 1 });
  expect(await counted).toEqual([{ writer: 'first', total: 2, numbered: 2 }]);
  await command(behind, DATABASE, { profile: 0 });
  const asked = await behind.collection('system.profile').find({ 'command.aggregate': NAME }).toArray();
  expect(asked.length).toBeGreaterThan(0);
});

it('asks the primary for everything else', async () => {
  await command(behind, DATABASE, { profile: 2 });
  expect(await AuditTrailRepository.create(database.connection).countUpTo('first', 9)).toBe(2);
  await command(behind, DATABASE, { profile: 0 });
  const asked = await behind
    .collection('system.profile')
    .find({ 'command.pipeline.0.$match.writer': 'first' })
    .toArray();
  expect(asked).toEqual([]);
});
