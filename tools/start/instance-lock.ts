import { rmSync, writeFileSync } from 'node:fs';
import { pidFile, readPid, runningSupervisor } from '../shared/running-instance.mjs';

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
    const path = pidFile(dataDir);
    const running = runningSupervisor(dataDir);
    if (running !== undefined && running !== process.pid) {
      throw new AlreadyRunningError(
        `Health Connect already runs with this data folder (process ${running}): stop that one, or set HC_DATA_DIR to another folder.`,
      );
    }
    const left = readPid(path);
    rmSync(path, { force: true });
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    } catch (cause) {
      const message = 'Another start is under way with this data folder: wait for it, or stop it.';
      throw new AlreadyRunningError(message, { cause });
    }
    return new InstanceLock(path, left !== undefined);
  }

  release(): void {
    if (readPid(this.#path) === process.pid) rmSync(this.#path, { force: true });
  }
}
