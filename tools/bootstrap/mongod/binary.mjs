import { run } from '../run.mjs';

/** Older servers lack what the product uses. */
export const OLDEST_MAJOR = 6;

/**
 * The version of a mongod that runs here.
 *
 * @param {string} path
 * @returns {Promise<string | undefined>} for example "8.0.4"; undefined when it does not run
 */
export async function mongodVersion(path) {
  const result = await run(path, ['--version'], { timeoutMs: 10_000 });

  return result.code === 0 ? /db version v(\d+\.\d+\.\d+)/.exec(result.output)?.[1] : undefined;
}

/**
 * @param {string | undefined} version
 * @returns {boolean}
 */
export function isNewEnough(version) {
  return version !== undefined && Number(version.split('.')[0]) >= OLDEST_MAJOR;
}
