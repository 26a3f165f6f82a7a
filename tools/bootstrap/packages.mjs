import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootstrapError } from './fail.mjs';
import { npm } from './npm.mjs';
import { lastLines } from './run.mjs';

const INSTALL_TIMEOUT_MS = 900_000;
const STAMP = '.health-connect-lock';

/**
 * Whether node_modules holds what package-lock.json says: either this bootstrap has installed it (its stamp carries
 * the lockfile's hash; `npm ci` wipes it together with everything else) or somebody has run `npm install`.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function packagesInstalled(root) {
  const modules = join(root, 'node_modules');
  const stamp = join(modules, STAMP);
  const hash = lockHash(root);

  return (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) || npmInstalledTheSame(root);
}

/**
 * Installs exactly what the lockfile pins.
 *
 * @param {string} root
 * @param {import('./cache.mjs').Cache} cache
 * @param {import('./progress.mjs').Step} step
 * @returns {Promise<void>}
 */
export async function installPackages(root, cache, step) {
  if (packagesInstalled(root)) return;
  const lockName = `packages-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
  const wait = () => step.note('waiting for another start that is installing them');

  await cache.exclusive(
    lockName,
    async () => {
      if (packagesInstalled(root)) return;
      step.note('npm ci');
      const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
      const result = await npm([...args, '--prefer-offline'], { cwd: root, timeoutMs: INSTALL_TIMEOUT_MS });
      if (result.code !== 0) {
        throw new BootstrapError(
          'the npm packages could not be installed: check the network to your npm registry ("npm ping"), then try again.',
          lastLines(result.output, 15),
        );
      }
      writeFileSync(join(root, 'node_modules', STAMP), lockHash(root));
    },
    wait,
  );
}

/**
 * @param {string} root
 * @returns {string}
 */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean, extraneous?: boolean }} LockEntry
 */

/**
 * npm notes at the end of an installation what it has put into node_modules.
 *
 * @param {string} root
 * @returns {boolean}
 */
function npmInstalledTheSame(root) {
  const wanted = readEntries(join(root, 'package-lock.json'));
  const installed = readEntries(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;

  return sameTree(wanted, installed);
}

/**
 * Whether an installed tree is the wanted one. Optional packages may be missing (they are for another
 * platform), and so may those that npm itself calls extraneous.
 *
 * @param {Record<string, LockEntry>} wanted entries of package-lock.json
 * @param {Record<string, LockEntry>} installed entries of node_modules/.package-lock.json
 * @returns {boolean}
 */
export function sameTree(wanted, installed) {
  const isPackage = (/** @type {string} */ path) => /(^|\/)node_modules\//.test(path);
  const complete = Object.entries(wanted).every(([path, entry]) => {
    if (!isPackage(path)) return true;
    const there = installed[path];
    if (!there) return entry.optional === true || entry.devOptional === true || entry.extraneous === true;

    return entry.link === there.link && entry.version === there.version && entry.integrity === there.integrity;
  });

  return complete && Object.keys(installed).every((path) => !isPackage(path) || wanted[path] !== undefined);
}

/**
 * @param {string} path
 * @returns {Record<string, LockEntry> | undefined}
 */
function readEntries(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
