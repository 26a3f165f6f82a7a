import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { runInBackground } from './background-priority.ts';
import { hashingResultSchema, type HashingJob, type HashingResult } from './hashing-job.ts';

type Result = NonNullable<HashingResult['result']>;
type NewJob = HashingJob extends infer J ? (J extends HashingJob ? Omit<J, 'id'> : never) : never;

interface Pending {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/**
 * A process of its own for hashing, with a lower priority than the server: calls, requests and the database go first
 * whenever they have something to do (A7). It is started when it is first needed, and again when it has died.
 */
export class HashingProcess {
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #lastId = 0;

  private constructor() {
    // Started by the first job.
  }

  static create(): HashingProcess {
    return new HashingProcess();
  }

  hash(password: string): Promise<Result> {
    return this.#ask({ kind: 'hash', password });
  }

  verify(passwordHash: string, password: string): Promise<Result> {
    return this.#ask({ kind: 'verify', passwordHash, password });
  }

  /** Whoever still waits is told that it did not happen. */
  close(): void {
    this.#child?.disconnect();
    this.#lose();
  }

  #ask(job: NewJob): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#lastId += 1;
    const id = this.#lastId;
    this.#pending.set(id, { resolve, reject });
    const child = (this.#child ??= this.#start());
    // Alive while somebody waits, and no longer: an idle child keeps no program from ending.
    child.ref();
    child.channel?.ref();
    child.send({ ...job, id }, (error) => {
      if (error !== null) this.#settle(id)?.reject(error);
    });
    return promise;
  }

  #start(): ChildProcess {
    const child = fork(join(import.meta.dirname, 'hashing.main.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // The leader of a session of its own, as its priority wants it. It ends when its parent is gone.
      detached: true,
    });
    if (child.pid !== undefined) void runInBackground(child.pid);
    child.on('message', (message) => {
      const { id, result } = hashingResultSchema.parse(message);
      const pending = this.#settle(id);
      if (result === null) pending?.reject(new Error('A password could not be hashed'));
      else pending?.resolve(result);
    });
    const gone = (): void => {
      if (this.#child === child) this.#lose();
    };
    child.on('error', gone);
    child.on('exit', gone);
    return child;
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) {
      this.#child?.unref();
      this.#child?.channel?.unref();
    }
    return pending;
  }

  #lose(): void {
    this.#child = undefined;
    for (const [id, pending] of this.#pending) {
      this.#pending.delete(id);
      pending.reject(new Error('The hashing process ended'));
    }
  }
}
