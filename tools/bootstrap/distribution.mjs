import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {{ id: string, version: string, codename: string, like: string[] }} Distribution
 */

/**
 * Which Linux distribution this is, from /etc/os-release (os-release(5)).
 *
 * @param {string} [file]
 * @returns {Distribution}
 */
export function readDistribution(file = '/etc/os-release') {
  const values = parseOsRelease(existsSync(file) ? readFileSync(file, 'utf8') : '');

  return {
    id: values['ID'] ?? process.platform,
    version: values['VERSION_ID'] ?? '',
    codename: values['VERSION_CODENAME'] ?? '',
    like: (values['ID_LIKE'] ?? '').split(' ').filter(Boolean),
  };
}

/**
 * @param {string} text
 * @returns {Record<string, string | undefined>}
 */
export function parseOsRelease(text) {
  /** @type {Record<string, string | undefined>} */
  const values = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(.*)$/.exec(line.trim());
    if (match?.[1]) values[match[1]] = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
  }

  return values;
}

/**
 * @param {Distribution} distribution
 * @returns {boolean} whether packages come through apt
 */
export function isDebianLike(distribution) {
  return [distribution.id, ...distribution.like].some((id) => id === 'debian' || id === 'ubuntu');
}
