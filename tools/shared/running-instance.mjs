import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The supervisor's script, as it appears in the command line of its process. */
const SCRIPT = /\bstart\/main\.ts\b/;

/**
 * The command line of a process, as far as this user may see it.
 *
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process
 */
export function commandLineOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    try {
      // Empty for a process that has ended and whose parent has not noticed yet.
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
    } catch {
      return undefined;
    }
  }
  const listed = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });

  return listed.status === 0 ? listed.stdout.trim() || undefined : undefined;
}

/**
 * File in which a supervisor notes its process id while it runs.
 *
 * @param {string} dataDir
 * @returns {string}
 */
export function pidFile(dataDir) {
  return join(dataDir, 'supervisor.pid');
}

/**
 * @param {string} path
 * @returns {number | undefined}
 */
export function readPid(path) {
  try {
    return Number(readFileSync(path, 'utf8').trim() || Number.NaN);
  } catch {
    return undefined;
  }
}

/**
 * The supervisor that works with a data folder at this moment.
 *
 * @param {string} dataDir
 * @returns {number | undefined} its process id
 */
export function runningSupervisor(dataDir) {
  const pid = readPid(pidFile(dataDir));

  return pid !== undefined && SCRIPT.test(commandLineOf(pid) ?? '') ? pid : undefined;
}
