import { EventEmitter } from 'node:events';
import { createWorker, type types } from 'mediasoup';
import { ROUTER_CODECS } from './codecs.ts';
import { accepted } from './refusal.ts';
import { MediasoupRouter } from './router.ts';

/** Where a worker listens; it takes this one port for UDP and for TCP. */
export interface WorkerOptions {
  readonly listenAddress: string;
  readonly announcedAddress: string | undefined;
  readonly port: number;
  /** Path of the worker's binary; undefined means the one of the package. */
  readonly binary: string | undefined;
}

export interface WorkerEvents {
  /** The process is gone although nobody closed it; the rooms that it carried are named. */
  died: [{ pid: number; rooms: readonly string[] }];
}

/** What a worker's process says of itself. */
export interface WorkerDump {
  readonly routers: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
}

/**
 * Starts the process without the signal handlers that mediasoup adds: they would close the worker at SIGTERM, while a
 * draining node lets its calls finish.
 */
async function startProcess(binary: string | undefined): Promise<types.Worker> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const starting = createWorker({ logLevel: 'warn', ...(binary === undefined ? {} : { workerBin: binary }) });
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!before.has(listener)) process.removeListener(signal, listener);
    }
  }
  return starting;
}

/** One mediasoup worker process with its one port and its routers. */
export class MediaWorker extends EventEmitter<WorkerEvents> {
  readonly #worker: types.Worker;
  readonly #webRtcServer: types.WebRtcServer;
  readonly #routers = new Set<MediasoupRouter>();

  private constructor(worker: types.Worker, webRtcServer: types.WebRtcServer) {
    super();
    this.#worker = worker;
    this.#webRtcServer = webRtcServer;
    worker.on('died', () => this.#onDied());
  }

  /** Starts a process and opens its port. Throws when the binary is missing or the port is taken. */
  static async create(options: WorkerOptions): Promise<MediaWorker> {
    const worker = await startProcess(options.binary).catch((cause: unknown) => {
      throw new Error('A media worker could not be started: MEDIASOUP_WORKER_BIN names its program', { cause });
    });
    const listen = {
      ip: options.listenAddress,
      port: options.port,
      ...(options.announcedAddress === undefined ? {} : { announcedAddress: options.announcedAddress }),
    };
    try {
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...listen },
          { protocol: 'tcp', ...listen },
        ],
      });
      return new MediaWorker(worker, webRtcServer);
    } catch (cause) {
      worker.close();
      const where = `${options.listenAddress} port ${options.port}`;
      throw new Error(`A media worker could not listen on ${where}: is it taken? HC_RTC_PORT sets it`, { cause });
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get closed(): boolean {
    return this.#worker.closed;
  }

  get routerCount(): number {
    return this.#routers.size;
  }

  async createRouter(roomId: string): Promise<MediasoupRouter> {
    const router = await accepted(this.#worker, () => this.#worker.createRouter({ mediaCodecs: ROUTER_CODECS }));
    const own = new MediasoupRouter({
      roomId,
      router,
      webRtcServer: this.#webRtcServer,
      onClose: (closed) => this.#routers.delete(closed),
    });
    this.#routers.add(own);
    return own;
  }

  /** Counts from the process itself, not from the books of this server. */
  async dump(): Promise<WorkerDump> {
    const dump = await this.#worker.dump();
    const routers = await Promise.all([...this.#routers].map((router) => router.dump()));
    const sum = (field: 'transports' | 'producers' | 'consumers'): number =>
      routers.reduce((total, router) => total + router[field], 0);
    return {
      routers: dump.routerIds.length,
      transports: sum('transports'),
      producers: sum('producers'),
      consumers: sum('consumers'),
    };
  }

  /** CPU time that the process has used since it started, in milliseconds. */
  async cpuTimeMs(): Promise<number> {
    const usage = await this.#worker.getResourceUsage();
    return usage.ru_utime + usage.ru_stime;
  }

  close(): void {
    this.#worker.close();
    this.#routers.clear();
  }

  #onDied(): void {
    const lost = [...this.#routers];
    this.#routers.clear();
    for (const router of lost) router.markLost();
    this.emit('died', { pid: this.pid, rooms: lost.map((router) => router.roomId) });
  }
}
