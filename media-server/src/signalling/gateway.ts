import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import {
  MEDIA_MESSAGE_MAX_BYTES,
  MEDIA_NAMESPACE,
  MEDIA_REQUEST_TIMEOUT_MS,
  ProductError,
  type Failure,
} from '@health-connect/contract';
import type { Logger } from 'pino';
import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import type { RoomRegistry } from '../rooms/registry.ts';
import { runWithRequestId } from '../request-context.ts';
import type { Admission, AdmissionDesk } from './admission.ts';
import { MediaSession } from './session.ts';

/** A silent connection is noticed after at most both together; with the resume window a crashed tab is gone in 20 s. */
const PING_INTERVAL_MS = 4_000;
const PING_TIMEOUT_MS = 4_000;
/** Most sockets of this node, those that have not shown a token yet included. */
const MAX_SOCKETS = 10_000;

interface SocketData {
  admission?: Admission;
}
type MediaServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;
type MediaSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;

export interface GatewayOptions {
  readonly httpServer: HttpServer;
  readonly allowedOrigins: readonly string[];
  readonly desk: AdmissionDesk;
  readonly registry: RoomRegistry;
  readonly log: Logger;
}

/** Refuses a connection; Socket.IO sends `data` to the client as `err.data`. */
class HandshakeRefusal extends Error {
  readonly data: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.data = failure;
  }
}

/** The media namespace: lets sockets in and gives each a session. Owns the sessions, one for each peer. */
export class MediaGateway {
  readonly #io: MediaServer;
  readonly #options: GatewayOptions;
  readonly #sessions = new Set<MediaSession>();
  readonly #byPeer = new Map<string, MediaSession>();
  #closed = false;

  private constructor(options: GatewayOptions) {
    this.#options = options;
    this.#io = new Server(options.httpServer, {
      serveClient: false,
      transports: ['websocket'],
      allowUpgrades: false,
      maxHttpBufferSize: MEDIA_MESSAGE_MAX_BYTES,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      connectTimeout: MEDIA_REQUEST_TIMEOUT_MS,
      allowRequest: (request, decide) => decide(null, this.#allows(request)),
    });
    // Nothing is served outside the media namespace.
    this.#io.use((_socket, next) => next(new HandshakeRefusal(new ProductError('not_found').toFailure(randomUUID()))));
    const media = this.#io.of(MEDIA_NAMESPACE);
    media.use((socket, next) => {
      const requestId = randomUUID();
      void runWithRequestId(requestId, () => this.#letIn(socket, requestId, next));
    });
    media.on('connection', (socket) => this.#onConnection(socket));
  }

  static create(options: GatewayOptions): MediaGateway {
    return new MediaGateway(options);
  }

  /** Ends every socket. Places are not given up by this: the registry is closed on its own. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.#io.close();
  }

  /** Browsers name the page's origin; whoever names none is no browser and has no business here. */
  #allows(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    const isKnown = origin !== undefined && this.#options.allowedOrigins.includes(origin);
    if (!isKnown) this.#options.log.debug('socket refused: its origin is not allowed');
    return isKnown && !this.#closed && this.#io.engine.clientsCount < MAX_SOCKETS;
  }

  async #letIn(socket: MediaSocket, requestId: string, next: (error?: Error) => void): Promise<void> {
    try {
      socket.data.admission = await this.#options.desk.admit(socket.handshake.auth);
      next();
    } catch (error) {
      const told = error instanceof ProductError ? error : new ProductError('internal');
      if (told === error) this.#options.log.debug({ code: told.code }, 'socket refused');
      else this.#options.log.error({ err: error }, 'handshake failed');
      next(new HandshakeRefusal(told.toFailure(requestId)));
    }
  }

  #onConnection(socket: MediaSocket): void {
    const { admission } = socket.data;
    if (admission === undefined || this.#closed) {
      socket.disconnect(true);
      return;
    }
    const { desk, registry, log } = this.#options;
    const session = MediaSession.create({ socket, admission, desk, registry, log });
    this.#sessions.add(session);
    let seatedAs: string | undefined;
    session.on('seated', (peerId) => {
      seatedAs = peerId;
      this.#byPeer.get(peerId)?.supersede();
      this.#byPeer.set(peerId, session);
    });
    session.on('closed', () => {
      this.#sessions.delete(session);
      if (seatedAs !== undefined && this.#byPeer.get(seatedAs) === session) this.#byPeer.delete(seatedAs);
    });
  }
}
