import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * @param {string} path
 * @returns {boolean}
 */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);

    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Looks a program up the way a shell does.
 *
 * @param {string} name
 * @param {string} [searchPath]
 * @returns {string | undefined}
 */
export function findOnPath(name, searchPath = process.env['PATH'] ?? '') {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined;

  return searchPath
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}
