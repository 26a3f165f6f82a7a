import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { findFreePort } from '../../../tools/testing/free-port.ts';
import { OwnMongod } from '../../../tools/testing/own-mongod.ts';
import { TestServer } from '../testing/test-server.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** What `npm run audit:verify` runs once everything that it needs is there. */
const COMMAND = join('tools', 'audit', 'main.ts');

let dataDir: string;
let mongod: OwnMongod;
let server: TestServer;

/** An installation as `npm start` makes it: the database's files lie in its data folder. */
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'health-connect-installation-'));
  mongod = await OwnMongod.start({ dataDir: join(dataDir, 'mongodb') });
  server = await TestServer.start({ HC_DATA_DIR: dataDir, MONGODB_URI: mongod.uri('health-connect') });
  const patient = await server.person('patient', 'Pat');
  for (let round = 0; round < 3; round += 1) await server.signIn(patient);
  await server.application.close();
}, 90_000);
afterAll(async () => {
  await server.close();
  await mongod.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function verify(environment: Readonly<Record<string, string>> = {}): Promise<{ code: unknown; output: string }> {
  const child = spawn(process.execPath, [COMMAND], {
    cwd: ROOT,
    env: { ...process.env, MONGODB_URI: undefined, HC_DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited: Promise<unknown[]> = once(child, 'exit');
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, output: output + errors };
}

const entries = () => server.database.connection.collection('audit_entries');

it('is what the package runs', async () => {
  const scriptsSchema = z.object({ scripts: z.record(z.string(), z.string()) });
  const { scripts } = scriptsSchema.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  expect(scripts['audit:verify']).toBe('node tools/bootstrap.mjs audit:verify');
  const tasks = await readFile(join(ROOT, 'tools', 'bootstrap', 'tasks.mjs'), 'utf8');
  expect(tasks).toContain(`'audit:verify': { needs: ['mongod'], command: () => ['${COMMAND}'] }`);
});

it('finds the database of a running installation, whose trail is whole', async () => {
  const { code, output } = await verify();
  expect(output).toMatch(/^\d+ entries in \d+ blocks/);
  expect(output).toContain('The audit trail is whole.');
  expect(code).toBe(0);
});

it('takes a database that is named', async () => {
  const { code, output } = await verify({ MONGODB_URI: mongod.uri('health-connect'), HC_MONGO_PORT: '1' });
  expect(output).toContain('The audit trail is whole.');
  expect(code).toBe(0);
});

it('names what was changed and what was removed, and ends with 1', async () => {
  const [first, second] = await entries().find().sort({ number: 1 }).limit(2).toArray();
  if (first === undefined || second === undefined) throw new Error('There is no trail');
  await entries().updateOne({ _id: first._id }, { $set: { outcome: 'refused' } });
  await entries().deleteOne({ _id: second._id });
  const { code, output } = await verify();
  expect(output).toContain(`changed: number 1 of ${String(first['writer'])}`);
  expect(output).toContain(`missing: number 2 of ${String(second['writer'])}`);
  expect(output).toContain('The audit trail was tampered with: 2 findings.');
  expect(code).toBe(1);
  await entries().insertOne(second);
  await entries().updateOne({ _id: first._id }, { $set: { outcome: first['outcome'] as unknown } });
});

it('starts the database of an installation that does not run, and leaves none behind', async () => {
  await mongod.stop();
  const { code, output } = await verify({ HC_MONGO_PORT: String(await findFreePort()) });
  expect(output).toContain('The audit trail is whole.');
  expect(code).toBe(0);
  // Its files are free again.
  await mongod.restart();
  expect(await entries().countDocuments()).toBeGreaterThan(0);
}, 120_000);

it('ends with 2 where the trail cannot be read', async () => {
  const { code, output } = await verify({
    MONGODB_URI: 'mongodb://127.0.0.1:1/none?serverSelectionTimeoutMS=100',
    HC_DATA_DIR: join(dataDir, 'none'),
  });
  expect(output).toContain('The audit trail could not be checked');
  expect(code).toBe(2);
});
