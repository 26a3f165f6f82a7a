import { existsSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { readDistribution } from '../distribution.mjs';
import { download } from '../download.mjs';
import { BootstrapError } from '../fail.mjs';
import { fingerprint } from '../fingerprint.mjs';
import { lockedPackage } from '../lockfile.mjs';
import { run } from '../run.mjs';
import { workerRuns } from './binary.mjs';
import { compileWorker } from './compile.mjs';

/** Raised when the way of compiling changes, so that caches are made anew. */
const RECIPE = 1;
const BINARY = 'mediasoup-worker';
const RELEASES = 'https://github.com/versatica/mediasoup/releases/download';

/**
 * @typedef {object} WorkerPlaces where a worker can be
 * @property {string} version of mediasoup
 * @property {string} compiled cache entry of a compiled worker
 * @property {string} prebuilt cache entry of the official one
 */

/**
 * @param {string} root
 * @returns {WorkerPlaces}
 */
export function workerPlaces(root) {
  const { version } = lockedPackage(root, 'mediasoup');
  const distribution = readDistribution();
  const shims = fingerprint([join(root, 'tools', 'worker-shims')]).slice(0, 12);

  return {
    version,
    compiled: `worker/${version}-${distribution.id}${distribution.version}-${arch()}-${RECIPE}-${shims}`,
    prebuilt: `worker/${version}-official-${platform()}-${arch()}`,
  };
}

/**
 * The worker that is there without fetching or compiling anything.
 *
 * @param {string} root
 * @param {import('../cache.mjs').Cache} cache
 * @returns {Promise<string | undefined>}
 */
export async function findWorker(root, cache) {
  const { compiled, prebuilt } = workerPlaces(root);
  for (const entry of [prebuilt, compiled]) {
    const path = cache.path(entry, BINARY);
    if (existsSync(path) && (await workerRuns(path))) return path;
  }

  return undefined;
}

/**
 * Finds a mediasoup worker, or gets one: MEDIASOUP_WORKER_BIN, the cache, the official prebuilt one, compilation.
 *
 * @param {string} root
 * @param {import('../cache.mjs').Cache} cache
 * @param {import('../progress.mjs').Step} step
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>} path of a binary that runs here
 */
export async function resolveWorker(root, cache, step, env = process.env) {
  if (env['MEDIASOUP_WORKER_BIN']) {
    if (await workerRuns(env['MEDIASOUP_WORKER_BIN'])) return env['MEDIASOUP_WORKER_BIN'];
    throw new BootstrapError(
      `MEDIASOUP_WORKER_BIN names ${env['MEDIASOUP_WORKER_BIN']}, which is no mediasoup worker that runs here: correct or unset it.`,
    );
  }

  const found = await findWorker(root, cache);
  if (found) return found;

  const places = workerPlaces(root);
  const lockName = `worker-${places.version}-${arch()}`;
  const wait = () => step.note('waiting for another start that is making it');

  return cache.exclusive(
    lockName,
    async () => {
      // Another process may have made it while this one waited.
      const meanwhile = await findWorker(root, cache);

      return meanwhile ?? (await fetchOfficial(places, cache, step)) ?? (await compileInto(places, root, cache, step));
    },
    wait,
  );
}

/**
 * The project's own prebuilt worker, from the address that mediasoup's install script uses.
 *
 * @param {WorkerPlaces} places
 * @param {import('../cache.mjs').Cache} cache
 * @param {import('../progress.mjs').Step} step
 * @returns {Promise<string | undefined>}
 */
async function fetchOfficial({ version, prebuilt }, cache, step) {
  step.note('asking for the official prebuilt worker');
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  const base = process.env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'] || RELEASES;
  const url = `${base}/${version}/mediasoup-worker-${version}-${platform()}-${arch()}${kernel}.tgz`;
  const entry = await cache.publish(prebuilt, async (directory) => {
    const archive = join(directory, 'worker.tgz');
    if (!(await download(url, archive, (note) => step.note(note)))) return false;
    const unpacked = await run('tar', ['-xzf', archive, '-C', directory, BINARY]);

    return unpacked.code === 0 && (await workerRuns(join(directory, BINARY)));
  });

  return entry && join(entry, BINARY);
}

/**
 * @param {WorkerPlaces} places
 * @param {string} root
 * @param {import('../cache.mjs').Cache} cache
 * @param {import('../progress.mjs').Step} step
 * @returns {Promise<string>}
 */
async function compileInto(places, root, cache, step) {
  if (platform() !== 'linux') {
    throw new BootstrapError(
      'there is no prebuilt mediasoup worker for this machine: set MEDIASOUP_WORKER_BIN to one that you have compiled.',
    );
  }
  const buildDirectory = cache.path('build', places.compiled.replace('/', '-'));
  const shims = join(root, 'tools', 'worker-shims');
  await cache.publish(places.compiled, async (directory) => {
    await compileWorker({ directory, buildDirectory, root, shims, cache, step });

    return true;
  });
  cache.remove(buildDirectory);

  return cache.path(places.compiled, BINARY);
}
