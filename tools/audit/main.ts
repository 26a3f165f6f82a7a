import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Cache } from '../bootstrap/cache.mjs';
import { messageOf } from '../bootstrap/fail.mjs';
import { findMongod } from '../bootstrap/mongod/resolve.mjs';
import { cacheDirectory } from '../bootstrap/places.mjs';
import { replicaSetUri } from '../database/mongod-arguments.ts';
import { ensurePrimary } from '../database/replica-set.ts';
import { commandLineOf, readPid } from '../shared/running-instance.mjs';
import { readSettings, type Settings } from '../shared/settings.mjs';
import { mongodSpec } from '../start/embedded-mongod.ts';

const root = join(import.meta.dirname, '..', '..');
const DATABASE_TIMEOUT_MS = 30_000;

const addressOf = (port: number): string => replicaSetUri(port).replace('/?', '/health-connect?');

/** Port of the embedded database that works on this folder now. */
function runningPort(folder: string): number | undefined {
  const line = commandLineOf(readPid(join(folder, 'mongod.lock')) ?? Number.NaN) ?? '';
  const port = line.includes(`--dbpath ${folder}`) ? /--port (\d+)/.exec(line)?.[1] : undefined;
  return port === undefined ? undefined : Number(port);
}

/** Runs the check against the database of this installation, which is started for it when nothing runs. */
async function withDatabase(settings: Settings, check: (uri: string) => Promise<number>): Promise<number> {
  if (settings.mongodbUri !== undefined) return check(settings.mongodbUri);
  const folder = join(settings.dataDir, 'mongodb');
  const port = runningPort(folder);
  if (port !== undefined) return check(addressOf(port));
  const binary = await findMongod(new Cache(cacheDirectory()));
  if (binary === undefined) throw new Error('There is no mongod: start with "npm start" once, or set MONGODB_URI.');
  const { command, args, env } = mongodSpec(binary, folder, settings.mongoPort);
  const mongod = spawn(command, args, { env, stdio: 'ignore' });
  const ended = once(mongod, 'exit');
  try {
    await ensurePrimary(settings.mongoPort, DATABASE_TIMEOUT_MS);
    return await check(addressOf(settings.mongoPort));
  } finally {
    mongod.kill('SIGTERM');
    await ended;
  }
}

async function verify(uri: string): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'api', 'src', 'audit', 'verify.main.ts')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MONGODB_URI: uri },
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return code ?? 2;
}

try {
  process.exitCode = await withDatabase(readSettings(root, [], process.env), verify);
} catch (error) {
  process.stderr.write(`The audit trail could not be checked: ${messageOf(error)}\n`);
  process.exitCode = 2;
}
