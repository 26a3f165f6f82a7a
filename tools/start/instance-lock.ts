import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf } from './process-table.ts';

/** Name of the script whose processes hold such locks. */
const SCRIPT = /\bstart\/main\.ts\b/;

/** Another supervisor works with this data folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/** Keeps two supervisors from working with one data folder, and tells whether the last one ended in good order. */
export class InstanceLock {
  readonly #path: string;
  /** The supervisor before this one was killed; its servers may still be ending. */
  readonly lastEndedHard: boolean;

  private constructor(path: string, lastEndedHard: boolean) {
    this.#path = path;
    this.lastEndedHard = lastEndedHard;
  }

  /** @throws AlreadyRunningError */
  static take(dataDir: string): InstanceLock {
    const path = join(dataDir, 'supervisor.pid');
    const left = readPid(path);
    if (left !== undefined && left !== process.pid && SCRIPT.test(commandLineOf(left) ?? '')) {
      throw new AlreadyRunningError(
        `Health Connect already runs with this data folder (process ${left}): stop that one, or set HC_DATA_DIR to another folder.`,
      );
    }
    rmSync(path, { force: true });
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      throw new AlreadyRunningError('Another start is under way with this data folder: wait for it, or stop it.', {
        cause: error,
      });
    }
    return new InstanceLock(path, left !== undefined);
  }

  release(): void {
    if (readPid(this.#path) === process.pid) rmSync(this.#path, { force: true });
  }
}

function readPid(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
