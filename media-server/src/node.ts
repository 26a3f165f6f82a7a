import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  MEDIA_PROTOCOL_VERSION,
  MEDIA_RESUME_WINDOW_MS,
  type Health,
  type NodeStatus,
  type WebhookEvent,
} from '@health-connect/contract';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { ControlGuard } from './control/control-guard.ts';
import { controlRoutes } from './control/control-routes.ts';
import { Heartbeat } from './control/heartbeat.ts';
import { httpHandler } from './control/http-handler.ts';
import { WebhookSender } from './control/webhook-sender.ts';
import { RoomRegistry } from './rooms/registry.ts';
import { WorkerPool } from './sfu/worker-pool.ts';
import { AdmissionDesk } from './signalling/admission.ts';
import { MediaGateway } from './signalling/gateway.ts';
import { LoadMeter } from './telemetry/load-meter.ts';
import { ensureKeyPair, PublicKeyFile } from './tokens/key-files.ts';

const WEBHOOK_FLUSH_MS = 2_000;
/** Control requests are small and come from the next machine: whoever is slower holds a connection for nothing. */
const HTTP_LIMITS = { headersTimeout: 5_000, requestTimeout: 10_000 };

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly apiKey: PublicKeyFile;
  readonly pool: WorkerPool;
  readonly registry: RoomRegistry;
  readonly desk: AdmissionDesk;
  readonly webhooks: WebhookSender;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port} on ${host} is taken: stop what uses it, or set HC_MEDIA_PORT`) : cause);
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** A media node: its workers, rooms, signalling and control, put together. */
export class MediaNode {
  readonly #parts: Parts;
  readonly #server: Server;
  readonly #gateway: MediaGateway;
  readonly #heartbeat: Heartbeat;
  readonly #load = new LoadMeter();
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    const { log, apiKey, registry, desk, config } = parts;
    const routes = controlRoutes({ registry, desk, status: () => this.status(), drain: () => this.drain() });
    this.#server = createServer(
      HTTP_LIMITS,
      httpHandler({
        guard: new ControlGuard(apiKey),
        routes: Object.values(routes),
        readiness: () => this.#readiness(),
        log: log.child({ part: 'control' }),
      }),
    );
    this.#gateway = MediaGateway.create({
      httpServer: this.#server,
      allowedOrigins: config.allowedOrigins,
      desk,
      registry,
      log: log.child({ part: 'signalling' }),
    });
    this.#report();
    this.#heartbeat = Heartbeat.create(parts.webhooks, () => this.#readHeartbeat());
  }

  /** Starts workers and listens. Throws when a worker cannot be started, a port is taken or a key is not usable. */
  static async create(config: Config, log: Logger): Promise<MediaNode> {
    const key = await ensureKeyPair(config.keys.mediaPrivate, config.keys.mediaPublic);
    const pool = await WorkerPool.create({
      count: config.workers,
      listenAddress: config.host,
      announcedAddress: config.rtcAnnouncedAddress,
      firstPort: config.rtcPort,
      binary: config.workerBinary,
      log: log.child({ part: 'sfu' }),
    });
    const apiKey = new PublicKeyFile(config.keys.apiPublic);
    const registry = RoomRegistry.create({ sfu: pool, log, resumeWindowMs: MEDIA_RESUME_WINDOW_MS });
    const desk = AdmissionDesk.create({ nodeId: config.nodeId, apiKey, registry });
    const webhooks = WebhookSender.create({ apiUrl: config.apiUrl, nodeId: config.nodeId, key, log });
    const node = new MediaNode({ config, log, apiKey, pool, registry, desk, webhooks });
    try {
      await listen(node.#server, config.httpPort, config.host);
    } catch (error) {
      await node.close();
      throw error;
    }
    return node;
  }

  /** The port that it listens on. */
  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The node does not listen');
    return address.port;
  }

  /** What it holds, by its own books and by the workers' own. */
  async status(): Promise<NodeStatus> {
    const { config, registry, pool } = this.#parts;
    return {
      nodeId: config.nodeId,
      protocolVersion: MEDIA_PROTOCOL_VERSION,
      draining: registry.draining,
      routerRtpCapabilities: pool.rtpCapabilities,
      counts: registry.counts,
      workers: [...(await pool.dump())],
    };
  }

  /** Takes no new rooms; calls that run go on. `api` is told at once. */
  drain(): void {
    if (this.#parts.registry.draining) return;
    this.#parts.registry.drain();
    this.#parts.pool.retire();
    this.#heartbeat.beat();
  }

  /** Drains, waits for calls to end (at most `timeoutMs`), and closes. */
  async shutDown(timeoutMs: number): Promise<void> {
    this.drain();
    await this.#parts.registry.whenEmpty(timeoutMs);
    await this.close();
  }

  /** Ends every call and socket, delivers what `api` has to know, stops the workers. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { registry, webhooks, pool } = this.#parts;
    registry.close();
    await this.#gateway.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#heartbeat.close();
    await webhooks.close(WEBHOOK_FLUSH_MS);
    pool.close();
  }

  async #readiness(): Promise<Health> {
    const { pool, apiKey, registry } = this.#parts;
    const passed = (is: boolean): 'ok' | 'failed' => (is ? 'ok' : 'failed');
    const checks = {
      workers: passed(pool.complete),
      apiPublicKey: passed((await apiKey.read()) !== undefined),
      takesRooms: passed(!registry.draining),
    };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }

  #report(): void {
    const { registry, pool, webhooks } = this.#parts;
    registry.on('peerJoined', (room, { peerId, participantId, name, party }) =>
      webhooks.send({ type: 'peer.joined', room, peerId, participantId, name, party }),
    );
    registry.on('peerLeft', (room, { peerId, participantId, name, party }, reason) =>
      webhooks.send({ type: 'peer.left', room, peerId, participantId, name, party, reason }),
    );
    registry.on('roomEmptied', (room) => webhooks.send({ type: 'room.emptied', room }));
    pool.on('workerDied', ({ rooms }) => webhooks.send({ type: 'worker.died', rooms: rooms.slice(0, 1000) }));
  }

  async #readHeartbeat(): Promise<WebhookEvent> {
    const { registry, pool } = this.#parts;
    const { rooms, peers, consumers } = registry.counts;
    return {
      type: 'node.heartbeat',
      protocolVersion: MEDIA_PROTOCOL_VERSION,
      draining: registry.draining,
      rooms,
      peers,
      consumers,
      busiestWorkerLoad: await this.#load.busiest(pool.workers),
      routerRtpCapabilities: pool.rtpCapabilities,
    };
  }
}
