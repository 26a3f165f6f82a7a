import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootstrapError } from './fail.mjs';

/**
 * @typedef {{ version: string, integrity: string }} LockedPackage
 */

/**
 * What package-lock.json pins for one package.
 *
 * @param {string} root
 * @param {string} name
 * @returns {LockedPackage}
 */
export function lockedPackage(root, name) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const entry = lock.packages?.[`node_modules/${name}`];
  if (typeof entry?.version !== 'string' || typeof entry.integrity !== 'string') {
    throw new BootstrapError(
      `package-lock.json does not pin ${name}: restore it with "git checkout package-lock.json".`,
    );
  }

  return { version: entry.version, integrity: entry.integrity };
}

/**
 * Whether content is what the lockfile's integrity value promises.
 *
 * @param {Uint8Array} content
 * @param {string} integrity for example "sha512-…"; one of several separated by blanks is enough
 * @returns {boolean}
 */
export function matchesIntegrity(content, integrity) {
  return integrity.split(/\s+/).some((value) => {
    const [algorithm = '', expected] = value.split(/-(.*)/s);
    if (!['sha256', 'sha384', 'sha512'].includes(algorithm)) return false;

    return createHash(algorithm).update(content).digest('base64') === expected;
  });
}
