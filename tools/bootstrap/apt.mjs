import { setTimeout as pause } from 'node:timers/promises';
import { isDebianLike, readDistribution } from './distribution.mjs';
import { BootstrapError } from './fail.mjs';
import { lastLines, run } from './run.mjs';

/** How long apt waits for another package manager to finish. */
const DPKG_LOCK_SECONDS = 300;
/** An installation that broke off is tried again: package servers and other package managers have bad moments. */
const MAX_ATTEMPTS = 4;
const RETRY_INTERVAL_MS = 5_000;
const UPDATE_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 900_000;
/** A closed network should cost seconds: few, short tries for each address. */
const NETWORK_OPTIONS = [
  '-o',
  'Acquire::http::Timeout=10',
  '-o',
  'Acquire::https::Timeout=10',
  '-o',
  'Acquire::Retries=1',
];

/** Only one apt may run at a time; the resolvers ask side by side. */
let queue = Promise.resolve();
/** Whether the list of packages could be read. @type {Promise<boolean> | undefined} */
let updated;

/**
 * Installs the Debian packages that are missing, as root or through `sudo -n`.
 *
 * @param {readonly string[]} packages
 * @param {import('./progress.mjs').Step} step
 * @returns {Promise<void>}
 * @throws {BootstrapError} naming the command to run where this process may not install
 */
export async function ensureDebianPackages(packages, step) {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;

  const byHand = `apt-get update && apt-get install -y ${missing.join(' ')}`;
  if (!isDebianLike(readDistribution())) {
    throw new BootstrapError(`install the counterparts of these Debian packages: ${missing.join(' ')}.`);
  }
  const prefix = await rootPrefix();
  if (!prefix) throw new BootstrapError(`run this as root, then try again: ${byHand}`);

  const mine = queue.then(() => install(prefix, missing, byHand, step));
  queue = mine.catch(() => undefined);
  await mine;
}

/**
 * @param {readonly string[]} packages
 * @returns {Promise<string[]>}
 */
export async function missingPackages(packages) {
  const query = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages]);
  const installed = new Set(
    query.output.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])),
  );

  return packages.filter((name) => !installed.has(name));
}

/** @returns {Promise<string[] | undefined>} words to put before a command so that it runs as root */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = await run('sudo', ['-n', 'true'], { timeoutMs: 5000 });

  return sudo.code === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} packages
 * @param {string} byHand
 * @param {import('./progress.mjs').Step} step
 */
async function install(prefix, packages, byHand, step) {
  step.note('repairing an interrupted package installation, if there is one');
  await asRoot(prefix, ['dpkg', '--configure', '-a'], INSTALL_TIMEOUT_MS, step);

  step.note('reading the list of Debian packages');
  updated ??= asRoot(prefix, ['apt-get', ...NETWORK_OPTIONS, 'update'], UPDATE_TIMEOUT_MS, step).then(
    ({ code }) => code === 0,
  );
  // Where not even the list can be had, the network is closed, and trying again would only cost time.
  const attempts = (await updated) ? MAX_ATTEMPTS : 1;

  step.note(`installing ${packages.length} Debian packages`);
  let result = await installOnce(prefix, packages, step);
  for (let attempt = 2; result.code !== 0 && attempt <= attempts; attempt += 1) {
    step.note(`installing ${packages.length} Debian packages, attempt ${attempt}`);
    await pause(RETRY_INTERVAL_MS);
    result = await installOnce(prefix, packages, step);
  }
  if (result.code !== 0) {
    throw new BootstrapError(
      `the Debian packages could not be installed: when the package servers can be reached, run this as root: ${byHand}`,
      lastLines(result.output, 12),
    );
  }
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} packages
 * @param {import('./progress.mjs').Step} step
 */
function installOnce(prefix, packages, step) {
  return asRoot(
    prefix,
    [
      'apt-get',
      ...NETWORK_OPTIONS,
      '-o',
      `DPkg::Lock::Timeout=${DPKG_LOCK_SECONDS}`,
      'install',
      '-y',
      '--no-install-recommends',
      ...packages,
    ],
    INSTALL_TIMEOUT_MS,
    step,
  );
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} words
 * @param {number} timeoutMs
 * @param {import('./progress.mjs').Step} step
 */
function asRoot(prefix, words, timeoutMs, step) {
  const [command = 'env', ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8', ...words];

  return run(command, args, {
    timeoutMs,
    onLine: (line) => {
      if (/^(Get:|Setting up|Unpacking)/.test(line)) step.note(line.slice(0, 70));
    },
  });
}
