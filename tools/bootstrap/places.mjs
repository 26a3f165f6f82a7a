import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Where downloaded and compiled programs are kept, outside the checkout, so that every clone shares them.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheDirectory(env = process.env) {
  if (env['HEALTH_CONNECT_CACHE']) return resolve(env['HEALTH_CONNECT_CACHE']);

  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'health-connect');
}
