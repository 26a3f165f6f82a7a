import { EventEmitter } from 'node:events';
import { ProductError, type RtpCapabilities } from '@health-connect/contract';
import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';
import { routerCapabilities } from './codecs.ts';
import type { Sfu, SfuRouter } from './sfu.ts';
import { MediaWorker, type WorkerDump } from './worker.ts';

/** A replacement that dies within this time after its start makes the next one wait longer. */
const STABLE_AFTER_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;
/** How long a new room waits for a replacement when no worker lives. */
const WORKER_WAIT_MS = 3_000;

export interface WorkerPoolOptions {
  readonly count: number;
  readonly listenAddress: string;
  readonly announcedAddress: string | undefined;
  /** Worker `i` listens on `firstPort + i`. */
  readonly firstPort: number;
  readonly binary: string | undefined;
  readonly log: Logger;
}

export interface WorkerPoolEvents {
  /** A worker's process has died. Its rooms were told before. */
  workerDied: [{ pid: number; rooms: readonly string[] }];
  workerReplaced: [{ pid: number }];
}

/** One place for a worker: the worker that runs on its port now, and how often replacing it has failed lately. */
interface Place {
  readonly port: number;
  worker: MediaWorker | undefined;
  startedAtMs: number;
  failures: number;
  retry: NodeJS.Timeout | undefined;
}

/** The wait before a replacement: none for the first, then doubling. */
export function backoffMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
}

/** The media workers of this node. A worker that dies is replaced on the same port, with back-off when it dies again. */
export class WorkerPool extends EventEmitter<WorkerPoolEvents> implements Sfu {
  readonly rtpCapabilities: RtpCapabilities = routerCapabilities();
  readonly #options: WorkerPoolOptions;
  readonly #places: readonly Place[];
  #retired = false;
  #closed = false;

  private constructor(options: WorkerPoolOptions) {
    super();
    this.setMaxListeners(0);
    this.#options = options;
    this.#places = Array.from({ length: options.count }, (_, index) => ({
      port: options.firstPort + index,
      worker: undefined,
      startedAtMs: 0,
      failures: 0,
      retry: undefined,
    }));
  }

  /** Starts every worker. Throws when one cannot be started: the binary is missing or its port is taken. */
  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    routeEngineLogs(options.log);
    const pool = new WorkerPool(options);
    const started = await Promise.allSettled(pool.#places.map((place) => pool.#start(place)));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      pool.close();
      throw failed.reason;
    }
    return pool;
  }

  /** Living workers. */
  get workers(): readonly MediaWorker[] {
    return this.#places.flatMap((place) => (place.worker === undefined ? [] : [place.worker]));
  }

  /** Whether every place has a living worker. */
  get complete(): boolean {
    return this.workers.length === this.#places.length;
  }

  async createRouter(roomId: string): Promise<SfuRouter> {
    const worker = this.#leastBusy() ?? (await this.#nextReplacement());
    return worker.createRouter(roomId);
  }

  /** What each process says it holds. A worker that dies meanwhile is left out. */
  async dump(): Promise<readonly { pid: number; dump: WorkerDump }[]> {
    const dumps = await Promise.allSettled(
      this.workers.map(async (worker) => ({ pid: worker.pid, dump: await worker.dump() })),
    );
    return dumps.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** From now on a worker that dies is not replaced: a node that drains makes no new rooms. */
  retire(): void {
    this.#retired = true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const place of this.#places) {
      clearTimeout(place.retry);
      place.worker?.close();
      place.worker = undefined;
    }
    this.removeAllListeners();
  }

  #leastBusy(): MediaWorker | undefined {
    return this.workers.toSorted((one, other) => one.routerCount - other.routerCount)[0];
  }

  #nextReplacement(): Promise<MediaWorker> {
    return new Promise((resolve, reject) => {
      const onReplaced = (): void => {
        const worker = this.#leastBusy();
        if (worker === undefined) return;
        clearTimeout(limit);
        this.off('workerReplaced', onReplaced);
        resolve(worker);
      };
      const limit = setTimeout(() => {
        this.off('workerReplaced', onReplaced);
        reject(new ProductError('media_unavailable'));
      }, WORKER_WAIT_MS);
      this.on('workerReplaced', onReplaced);
    });
  }

  async #start(place: Place): Promise<void> {
    const worker = await MediaWorker.create({
      listenAddress: this.#options.listenAddress,
      announcedAddress: this.#options.announcedAddress,
      port: place.port,
      binary: this.#options.binary,
    });
    if (this.#closed) {
      worker.close();
      return;
    }
    place.worker = worker;
    place.startedAtMs = performance.now();
    worker.once('died', (death) => this.#onDied(place, death));
    this.#options.log.info({ worker: worker.pid, port: place.port }, 'media worker started');
  }

  #onDied(place: Place, death: { pid: number; rooms: readonly string[] }): void {
    place.worker = undefined;
    if (this.#closed) return;
    this.#options.log.error({ worker: death.pid, port: place.port, rooms: death.rooms }, 'media worker died');
    const wasStable = performance.now() - place.startedAtMs >= STABLE_AFTER_MS;
    if (wasStable) place.failures = 0;
    this.emit('workerDied', death);
    this.#replaceLater(place);
  }

  #replaceLater(place: Place): void {
    if (this.#retired || this.#closed) return;
    place.retry = setTimeout(() => {
      this.#replace(place).catch((error: unknown) => {
        this.#options.log.error({ err: error, port: place.port }, 'media worker could not be replaced; trying again');
        this.#replaceLater(place);
      });
    }, backoffMs(place.failures));
    place.failures += 1;
  }

  async #replace(place: Place): Promise<void> {
    await this.#start(place);
    if (place.worker !== undefined) this.emit('workerReplaced', { pid: place.worker.pid });
  }
}

/** Sends the engine's own messages to our log. They carry ids, never names or tokens. */
function routeEngineLogs(log: Logger): void {
  const engine = log.child({ part: 'mediasoup' });
  setLogEventListeners({
    onwarn: (namespace, message) => engine.debug({ namespace }, message),
    onerror: (namespace, message, error) => engine.warn({ namespace, err: error }, message),
  });
}
