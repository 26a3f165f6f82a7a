import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mongodArguments } from '../database/mongod-arguments.ts';
import { commandLineOf, readPid } from '../shared/running-instance.mjs';
import type { ProcessSpec } from './managed-process.ts';

/** A mongod that was told to stop writes everything to disk first. */
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 100;
const CACHE_GIB = 0.25;

/** How the embedded database is run. */
export function mongodSpec(binary: string, dataDir: string, port: number): ProcessSpec {
  const args = mongodArguments({ dataDir, port, cacheGiB: CACHE_GIB });
  const guard = parentDeathGuard();
  return {
    name: 'mongod',
    command: guard[0] ?? binary,
    args: [...guard.slice(1), ...(guard.length > 0 ? [binary] : []), ...args],
    env: { ...process.env, LC_ALL: 'C' },
    channel: false,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  };
}

/**
 * mongod does not notice that its parent was killed. Where util-linux is there, the kernel tells it (prctl(2),
 * PR_SET_PDEATHSIG); elsewhere the next start stops it, see `stopLeftMongod`.
 */
function parentDeathGuard(): string[] {
  const words = ['setpriv', '--pdeathsig', 'TERM', '--'];
  const [command = '', ...args] = words;
  const works = process.platform === 'linux' && spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0;
  return works ? words : [];
}

/**
 * Stops a mongod that a killed supervisor has left behind with this data, and waits until it is gone.
 *
 * @returns its process id, if there was one
 * @throws Error when it does not end
 */
export async function stopLeftMongod(dataDir: string): Promise<number | undefined> {
  const pid = readPid(join(dataDir, 'mongod.lock')) ?? Number.NaN;
  // The number may belong to another program by now: only one that works on this folder is ours.
  const isOurs = (): boolean => (commandLineOf(pid) ?? '').includes(`--dbpath ${dataDir}`);
  if (!isOurs()) return undefined;

  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isOurs()) {
    if (Date.now() > deadline) {
      throw new Error(`A database of an earlier start (process ${pid}) does not end: end it with "kill -9 ${pid}".`);
    }
    await delay(POLL_MS);
  }
  return pid;
}
