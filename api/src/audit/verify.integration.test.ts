import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../testing/test-server.ts';

const MAIN = join(import.meta.dirname, 'verify.main.ts');

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
  const patient = await server.person('patient', 'Pat');
  for (let round = 0; round < 3; round += 1) await server.signIn(patient);
  // Everything is sealed, and its head is noted outside of the database.
  await server.application.close();
});
afterAll(() => server.close());

/** The program behind `npm run audit:verify`. */
async function verify(environment: Readonly<Record<string, string>> = {}): Promise<{ code: unknown; output: string }> {
  const { dataDir, mongodbUri } = server.config;
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] ?? '', HC_DATA_DIR: dataDir, MONGODB_URI: mongodbUri, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited: Promise<unknown[]> = once(child, 'exit');
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, output: output + errors };
}

const entries = () => server.database.connection.collection('audit_entries');

it('says that a trail is whole, and what its head is', async () => {
  const { code, output } = await verify();
  expect(output).toMatch(/head of the chain: \d+ [0-9a-f]{64}/);
  expect(output).toContain('The audit trail is whole.');
  expect(code).toBe(0);
});

it('says what was changed and what was removed, by another exit code', async () => {
  const [first, second] = await entries().find().sort({ number: 1 }).limit(2).toArray();
  if (first === undefined || second === undefined) throw new Error('There is no trail');
  await entries().updateOne({ _id: first._id }, { $set: { outcome: 'refused' } });
  await entries().deleteOne({ _id: second._id });
  const { code, output } = await verify();
  expect(output).toContain('changed: number 1 of');
  expect(output).toContain('missing: number 2 of');
  expect(code).toBe(1);
  await entries().insertOne(second);
  await entries().updateOne({ _id: first._id }, { $set: { outcome: 'ok' } });
  expect((await verify()).code).toBe(0);
});

it('tells a trail that cannot be read from one that was tampered with', async () => {
  const { code, output } = await verify({ HC_DATA_DIR: join(server.config.dataDir, 'elsewhere') });
  expect(output).toContain('The audit trail could not be checked');
  expect(code).toBe(2);
});
