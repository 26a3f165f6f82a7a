import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from './lock.mjs';

/** Unfinished work that nobody has touched for this long is removed. */
const ABANDONED_MS = 24 * 3600 * 1000;

/**
 * Programs kept outside the checkout. An entry appears in one step (made in a temporary folder, then renamed), so a
 * process that is interrupted leaves no half entry behind.
 */
export class Cache {
  #root;

  /** @param {string} root */
  constructor(root) {
    this.#root = root;
  }

  /**
   * @param {...string} parts
   * @returns {string}
   */
  path(...parts) {
    return join(this.#root, ...parts);
  }

  /**
   * Makes an entry: `make` fills a temporary folder, which then becomes the entry. An entry that is there already is
   * replaced. Where `make` answers false or throws, nothing is published.
   *
   * @param {string} entry
   * @param {(directory: string) => Promise<boolean>} make
   * @returns {Promise<string | undefined>} the entry's path, if it was published
   */
  async publish(entry, make) {
    const target = this.path(entry);
    const temporary = this.temporaryDirectory();
    const replaced = `${temporary}.replaced`;

    try {
      if (!(await make(temporary))) return undefined;
      mkdirSync(dirname(target), { recursive: true });
      if (existsSync(target)) renameSync(target, replaced);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
      rmSync(replaced, { recursive: true, force: true });
    }

    return target;
  }

  /** @returns {string} a new, empty folder on the same file system; the caller removes it */
  temporaryDirectory() {
    const path = this.path('tmp', `${process.pid}-${randomUUID()}`);
    mkdirSync(path, { recursive: true });

    return path;
  }

  /**
   * Runs `work` while no other process does work of that name.
   *
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @param {() => void} [onWait]
   * @returns {Promise<T>}
   */
  exclusive(name, work, onWait) {
    return withLock(this.path('locks', `${name}.lock`), work, onWait);
  }

  /** @param {string} path something below this cache */
  remove(path) {
    rmSync(path, { recursive: true, force: true });
  }

  /** Removes what killed processes have left: temporary folders and unfinished builds untouched for a day. */
  removeAbandoned() {
    for (const folder of ['tmp', 'build']) {
      for (const name of list(this.path(folder))) {
        const path = this.path(folder, name);
        if (ageMs(path) > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
      }
    }
  }
}

/**
 * @param {string} directory
 * @returns {string[]}
 */
function list(directory) {
  return existsSync(directory) ? readdirSync(directory) : [];
}

/**
 * @param {string} path
 * @returns {number}
 */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
