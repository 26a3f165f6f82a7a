import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const HEARTBEAT_MS = 5000;
/** The owner touches its lock while it works; a lock untouched for this long belongs to nobody any more. */
export const STALE_LOCK_MS = 60_000;
const POLL_MS = 500;

/**
 * Runs `work` while no other process runs work under the same lock file. A lock that a killed process left behind is
 * taken over: at once when its process is known to be gone, else when it has not been touched for a minute (the owner
 * may live in another container or on another machine).
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  const content = JSON.stringify({ pid: process.pid, host: hostname() });
  let waiting = false;
  while (!tryTake(path, content)) {
    if (isStale(path)) {
      setAside(path);
      continue;
    }
    if (!waiting) onWait?.();
    waiting = true;
    await delay(POLL_MS);
  }

  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  const release = () => releaseIfOwn(path, content);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}

/**
 * @param {string} path
 * @param {string} content
 * @returns {boolean}
 */
function tryTake(path, content) {
  try {
    writeFileSync(path, content, { flag: 'wx' });

    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {boolean}
 */
export function isStale(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_LOCK_MS) return true;
    const owner = JSON.parse(readFileSync(path, 'utf8'));

    return owner.host === hostname() && !isAlive(Number(owner.pid));
  } catch {
    // Gone meanwhile, or being written: not known to be stale, the next look decides.
    return false;
  }
}

/**
 * Renaming lets one of several waiting processes take the stale lock away.
 *
 * @param {string} path
 */
function setAside(path) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch {
    // Another process was faster.
  }
}

/**
 * @param {string} path
 * @param {string} content
 */
function releaseIfOwn(path, content) {
  try {
    if (readFileSync(path, 'utf8') === content) rmSync(path, { force: true });
  } catch {
    // Nothing to release.
  }
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken away by hand: the work goes on, at worst it is done twice.
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);

    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
