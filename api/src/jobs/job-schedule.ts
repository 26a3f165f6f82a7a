import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Agenda } from 'agenda';
import type { Logger } from '../logging/logger.ts';
import type { Job } from './job.ts';
import { openJobStore } from './job-store.ts';

/** How often each process looks for a job whose time has come. */
const LOOK_EVERY_MS = 5000;
/** How long runs that are under way may take once the server is told to stop. */
const DRAIN_LIMIT_MS = 10_000;
/** While the database is away each look fails: one line of log a minute is enough. */
const WARN_EVERY_MS = 60_000;

interface Parts {
  readonly jobs: readonly Job[];
  /** Address of the database. */
  readonly address: string;
  /** Whether this process takes part; without, jobs run only when they are asked for by name. */
  readonly enabled: boolean;
  readonly logger: Logger;
}

/**
 * Runs jobs again and again, each in one of the api processes at a time, by a schedule that is kept in the database
 * (agenda). Agenda's clock cannot be set: it decides how often work is looked for, the work itself asks the server's
 * clock what is due. So tests move that clock and call `run`.
 */
export class JobSchedule {
  readonly #parts: Parts;
  readonly #closing = new AbortController();
  #starting: Promise<void> | undefined;
  #agenda: Agenda | undefined;
  #disconnect: (() => Promise<void>) | undefined;
  #underWay = 0;
  readonly #ended = new EventEmitter();
  #warnedAtMs = -Infinity;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws TypeError when two jobs have one name */
  static create(parts: Parts): JobSchedule {
    const names = new Set(parts.jobs.map(({ name }) => name));
    if (names.size < parts.jobs.length) throw new TypeError('Two jobs have the same name.');
    return new JobSchedule(parts);
  }

  /** Starts in the background, as soon as the database is there. Never throws. */
  start(): void {
    if (!this.#parts.enabled) return;
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#parts.logger.error({ err: error }, 'Jobs could not be started');
    });
  }

  /** Runs a job now, whatever the schedule says. @throws what the job throws; RangeError for an unknown name */
  async run(name: string): Promise<void> {
    const job = this.#parts.jobs.find((candidate) => candidate.name === name);
    if (job === undefined) throw new RangeError(`There is no job ${name}`);
    this.#underWay += 1;
    try {
      await job.run();
    } finally {
      this.#end();
    }
  }

  /** Starts no further run, lets those under way end, and gives the others back to the other processes. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#starting;
    try {
      await this.#agenda?.stop(false);
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'Jobs could not be given back: they are taken over after their lock');
    }
    await this.#idle();
    await this.#disconnect?.();
  }

  /** Runs that are under way have ended, or were given up. */
  async #idle(): Promise<void> {
    const limit = AbortSignal.timeout(DRAIN_LIMIT_MS);
    try {
      while (this.#underWay > 0) await once(this.#ended, 'run', { signal: limit });
    } catch {
      this.#parts.logger.warn({ underWay: this.#underWay }, 'Jobs were cut off at the end of the drain time');
    }
  }

  async #start(): Promise<void> {
    const { jobs, address, logger } = this.#parts;
    const { signal } = this.#closing;
    const backend = await openJobStore(address, logger, signal);
    if (backend === undefined) return;
    this.#disconnect = () => backend.disconnect();
    const agenda = new Agenda({ backend, processEvery: LOOK_EVERY_MS });
    this.#agenda = agenda;
    agenda.on('error', (error: Error) => this.#warn(error));
    agenda.on('start', () => (this.#underWay += 1));
    // Comes after the run has been noted in the database.
    agenda.on('complete', () => this.#end());
    for (const job of jobs) this.#define(agenda, job);
    await agenda.ready;
    while (!signal.aborted) {
      try {
        for (const { name, everySeconds } of jobs) await agenda.every(everySeconds * 1000, name);
        break;
      } catch (error) {
        this.#warn(error);
        await delay(LOOK_EVERY_MS, undefined, { ref: false, signal }).catch(() => undefined);
      }
    }
    if (!signal.aborted) await agenda.start();
  }

  #end(): void {
    this.#underWay -= 1;
    this.#ended.emit('run');
  }

  #define(agenda: Agenda, job: Job): void {
    const { logger } = this.#parts;
    const work = async (): Promise<void> => {
      try {
        await job.run();
      } catch (error) {
        // Comes round again: a failure is no reason to stop.
        logger.error({ err: error, job: job.name }, 'A job failed');
      }
    };
    agenda.define(job.name, work, { lockLifetime: job.lockSeconds * 1000, concurrency: 1 });
  }

  #warn(error: unknown): void {
    if (this.#closing.signal.aborted || Date.now() - this.#warnedAtMs < WARN_EVERY_MS) return;
    this.#warnedAtMs = Date.now();
    this.#parts.logger.warn({ err: error }, 'The schedule of jobs could not be read');
  }
}
