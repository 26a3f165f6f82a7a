import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from './apt.mjs';
import { isDebianLike, readDistribution } from './distribution.mjs';
import { isReachable } from './download.mjs';
import { findOnPath } from './executable.mjs';
import { BootstrapError, messageOf } from './fail.mjs';
import { lastLines, run } from './run.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const VENDOR_SERVER = 'https://storage.googleapis.com/chrome-for-testing-public/';
const VENDOR_TIMEOUT_MS = 300_000;
const ENTRY = 'chromium';
/** Where the program is in a downloaded folder, on Linux and on macOS. */
const IN_DOWNLOAD = ['chrome', 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing'];

/**
 * The version line of a Chromium that runs here. A browser that lacks a library, or Ubuntu's stand-in that only names a
 * snap, does not.
 *
 * @param {string} path
 * @returns {Promise<string | undefined>} for example "Chromium 142.0.7444.59"
 */
export async function chromiumVersion(path) {
  const result = await run(path, ['--version'], { timeoutMs: 15_000 });

  return result.code === 0 ? /(?:Chromium|Chrome)[^\n]*\d+\.[\d.]+/.exec(result.output)?.[0] : undefined;
}

/**
 * The Chromium that is there without fetching anything: CHROMIUM_BIN, the PATH, puppeteer's in the cache.
 *
 * @param {import('./cache.mjs').Cache} cache
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string | undefined>}
 */
export async function findChromium(cache, env = process.env) {
  if (env['CHROMIUM_BIN']) {
    if (await chromiumVersion(env['CHROMIUM_BIN'])) return env['CHROMIUM_BIN'];
    throw new BootstrapError(
      `CHROMIUM_BIN names ${env['CHROMIUM_BIN']}, which is no Chromium that runs here: correct or unset it.`,
    );
  }

  const installed = NAMES.map((name) => findOnPath(name, env['PATH']));
  for (const path of [...installed, findDownloaded(cache.path(ENTRY))]) {
    if (path && (await chromiumVersion(path))) return path;
  }

  return undefined;
}

/**
 * Finds a Chromium for the tests, or gets one: puppeteer's download, then the distribution's package.
 *
 * @param {object} options
 * @param {import('./cache.mjs').Cache} options.cache
 * @param {import('./progress.mjs').Step} options.step
 * @param {Promise<string>} options.node a Node with the npm packages installed
 * @param {string} options.root
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>}
 */
export async function resolveChromium({ cache, step, node, root, env = process.env }) {
  const found = await findChromium(cache, env);
  if (found) return found;

  return cache.exclusive(
    'chromium',
    async () => {
      const meanwhile = await findChromium(cache, env);
      if (meanwhile) return meanwhile;
      /** @type {string[]} */
      const problems = [];
      const path = (await fromPuppeteer({ cache, step, node, root }, problems)) ?? (await fromDebian(step, problems));
      if (path) return path;
      throw new BootstrapError(
        'no Chromium could be had for the tests: install one (on Debian as root: apt-get install chromium) or set CHROMIUM_BIN.',
        problems.map((problem) => `  ${problem}`).join('\n'),
      );
    },
    () => step.note('waiting for another start that is getting it'),
  );
}

/**
 * @param {{ cache: import('./cache.mjs').Cache, step: import('./progress.mjs').Step, node: Promise<string>, root: string }} options
 * @param {string[]} problems
 * @returns {Promise<string | undefined>}
 */
async function fromPuppeteer({ cache, step, node, root }, problems) {
  if (!(await isReachable(VENDOR_SERVER))) {
    problems.push("puppeteer's download: its server cannot be reached from here");

    return undefined;
  }
  const nodeBinary = await node;
  step.note('downloading Chromium through puppeteer');
  const entry = await cache.publish(ENTRY, async (directory) => {
    const cli = join(root, 'node_modules', 'puppeteer', 'lib', 'puppeteer', 'node', 'cli.js');
    const result = await run(nodeBinary, [cli, 'browsers', 'install', 'chrome'], {
      cwd: root,
      env: { ...process.env, PUPPETEER_CACHE_DIR: directory },
      timeoutMs: VENDOR_TIMEOUT_MS,
    });
    const path = findDownloaded(directory);
    if (result.code === 0 && path && (await chromiumVersion(path))) return true;
    problems.push(
      result.code === 0
        ? "puppeteer's Chromium does not run here (libraries are missing)"
        : `puppeteer's download: ${lastLines(result.output, 2)}`,
    );

    return false;
  });

  return entry && findDownloaded(entry);
}

/**
 * @param {import('./progress.mjs').Step} step
 * @param {string[]} problems
 * @returns {Promise<string | undefined>}
 */
async function fromDebian(step, problems) {
  if (!isDebianLike(readDistribution())) {
    problems.push("the distribution's package: only Debian's is known here");

    return undefined;
  }
  try {
    await ensureDebianPackages(['chromium'], step);
  } catch (error) {
    const details = error instanceof BootstrapError && error.details ? `\n${error.details}` : '';
    problems.push(`the distribution's package: ${messageOf(error)}${details}`);
  }
  const path = findOnPath('chromium');

  return path && (await chromiumVersion(path)) ? path : undefined;
}

/**
 * Puppeteer puts a browser into `<folder>/chrome/<platform>-<version>/chrome-<platform>/`.
 *
 * @param {string} directory
 * @returns {string | undefined}
 */
function findDownloaded(directory) {
  const base = join(directory, 'chrome');
  for (const build of existsSync(base) ? readdirSync(base).sort().reverse() : []) {
    for (const folder of readdirSync(join(base, build))) {
      const path = IN_DOWNLOAD.map((name) => join(base, build, folder, name)).find((candidate) =>
        existsSync(candidate),
      );
      if (path) return path;
    }
  }

  return undefined;
}
