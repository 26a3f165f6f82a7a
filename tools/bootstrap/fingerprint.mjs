import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that are made, not written. */
const GENERATED = new Set(['node_modules', 'build', '.svelte-kit', '.svelte-check', 'paraglide', 'coverage']);

/**
 * A hash over the names and contents of files, for "has anything changed that this was made from?". Folders are walked
 * in a fixed order; what does not exist counts as empty.
 *
 * @param {readonly string[]} paths files and folders
 * @param {(path: string) => boolean} [accept] which files count
 * @returns {string} 64 hexadecimal digits
 */
export function fingerprint(paths, accept = () => true) {
  const hash = createHash('sha256');
  for (const path of paths) addTo(hash, path, '', accept);

  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 * @param {string} name the path as far as it counts: below the folder that was named
 * @param {(path: string) => boolean} accept
 */
function addTo(hash, path, name, accept) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    if (!accept(path)) return;
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
    return;
  }

  for (const entry of readdirSync(path).sort()) {
    if (!GENERATED.has(entry)) addTo(hash, join(path, entry), `${name}/${entry}`, accept);
  }
}
