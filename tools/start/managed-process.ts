import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { BackOff, defaultBackOff } from './back-off.ts';
import type { BackOffOptions } from './back-off.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Gives the child a channel that closes with this process, so that it can notice a hard kill of its parent. */
  readonly channel: boolean;
  /** Time between SIGTERM and SIGKILL. */
  readonly stopTimeoutMs: number;
  readonly backOff?: BackOffOptions;
}

/** `waiting`: it has died and is about to be started again; `stopped` is final. */
export type ProcessState = 'idle' | 'running' | 'waiting' | 'stopping' | 'stopped';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the program could not be started at all. */
  readonly error?: Error;
  readonly ranMs: number;
  /** Runs in a row that ended before they counted as healthy. */
  readonly failures: number;
  readonly restartInMs: number;
}

interface ProcessEvents {
  line: [text: string];
  /** It has died without having been told to stop, and will be started again. */
  died: [exit: ProcessExit];
  /** Each start, the first one too. */
  started: [pid: number | undefined];
}

/** One supervised program: started again with growing pauses when it dies, stopped politely, then firmly. */
export class ManagedProcess extends EventEmitter<ProcessEvents> {
  readonly #spec: ProcessSpec;
  readonly #backOff: BackOff;
  #state: ProcessState = 'idle';
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #restart: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();

  private constructor(spec: ProcessSpec) {
    super();
    this.#spec = spec;
    this.#backOff = BackOff.create(spec.backOff ?? defaultBackOff);
  }

  static create(spec: ProcessSpec): ManagedProcess {
    return new ManagedProcess(spec);
  }

  get name(): string {
    return this.#spec.name;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#state === 'running' || this.#state === 'stopping' ? this.#child?.pid : undefined;
  }

  start(): void {
    if (this.#state === 'idle') this.#spawn();
  }

  /**
   * Ends the program for good: SIGTERM, and SIGKILL once its time is over. Resolves when it is gone; calling it again
   * waits for the same end.
   */
  async stop(): Promise<void> {
    clearTimeout(this.#restart);
    const child = this.#child;
    if (this.#state !== 'running' || child === undefined) {
      if (this.#state !== 'stopping') this.#state = 'stopped';
      await this.#ended;
      return;
    }
    this.#state = 'stopping';
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), this.#spec.stopTimeoutMs);
    await this.#ended;
    clearTimeout(force);
  }

  /** Ends the program at once. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  #spawn(): void {
    const { command, args, env, channel } = this.#spec;
    // A process group of its own: Ctrl-C on the terminal reaches this process only, which then stops in good order.
    const child = spawn(command, args, {
      env,
      detached: true,
      stdio: channel ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#state = 'running';
    this.#startedAt = Date.now();
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) this.#onEnd({ code: null, signal: null, error }, resolve);
      });
      child.once('exit', (code, signal) => this.#onEnd({ code, signal }, resolve));
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.emit('line', line));
    }
    this.emit('started', child.pid);
  }

  #onEnd(end: Pick<ProcessExit, 'code' | 'signal' | 'error'>, resolve: () => void): void {
    const ranMs = Date.now() - this.#startedAt;
    if (this.#state === 'stopping') {
      this.#state = 'stopped';
      resolve();
      return;
    }
    const restartInMs = this.#backOff.next(ranMs);
    this.#state = 'waiting';
    this.#restart = setTimeout(() => this.#spawn(), restartInMs);
    resolve();
    this.emit('died', { ...end, ranMs, restartInMs, failures: this.#backOff.failures });
  }
}
