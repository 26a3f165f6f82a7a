import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Cache } from '../bootstrap/cache.mjs';
import { findMongod } from '../bootstrap/mongod/resolve.mjs';
import { cacheDirectory } from '../bootstrap/places.mjs';
import { mongodArguments, replicaSetUri } from '../database/mongod-arguments.ts';
import { ensurePrimary } from '../database/replica-set.ts';
import { findFreePort } from './free-port.ts';

const READY_TIMEOUT_MS = 60_000;

declare module 'vitest' {
  // Interface merging is how vitest learns about provided values.
  export interface ProvidedContext {
    /** Address of a MongoDB replica set without a database name: each test file chooses a name of its own. */
    mongodbUri: string;
  }
}

/** Global set-up of the integration tests: one real mongod for all of them, unless MONGODB_URI names a server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['MONGODB_URI'];
  if (given) {
    project.provide('mongodbUri', given);
    return () => Promise.resolve();
  }

  const binary = await findMongod(new Cache(cacheDirectory()));
  if (!binary) throw new Error('no mongod was found: run the tests with "npm test", which brings one');
  const dataDir = await mkdtemp(join(tmpdir(), 'health-connect-mongod-'));
  const port = await findFreePort();
  const mongod = spawn(binary, mongodArguments({ dataDir, port, cacheGiB: 0.25 }), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = keepLastLines(mongod);
  const stop = async (): Promise<void> => {
    if (mongod.exitCode === null && mongod.signalCode === null) {
      mongod.kill('SIGTERM');
      await once(mongod, 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  };

  const died = new AbortController();
  mongod.once('exit', () => died.abort(new Error(`mongod ended while starting:\n${output().join('\n')}`)));
  mongod.once('error', (error) => died.abort(error));
  try {
    await ensurePrimary(port, READY_TIMEOUT_MS, died.signal);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('mongodbUri', replicaSetUri(port));
  return stop;
}

function keepLastLines(child: ChildProcess): () => string[] {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-4000);
    });
  }
  return () => text.trimEnd().split('\n').slice(-10);
}
