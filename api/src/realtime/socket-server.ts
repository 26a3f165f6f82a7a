import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { APP_SOCKET_MAX_BYTES } from '@health-connect/contract';
import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import type { Actor } from '../accounts/actor.ts';

/** What is known of a socket since its handshake. */
export interface SocketData {
  actor: Actor;
  /** Ends the socket together with its session. */
  expiry: NodeJS.Timeout;
}

export type AppServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;
export type AppSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;

/** A silent client is noticed within the sum of the two: a crashed tab is gone within 20 s (R3). */
const PING_INTERVAL_MS = 8000;
const PING_TIMEOUT_MS = 8000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Browsers send Origin with every WebSocket handshake; only pages of the product may connect (R3, ASVS 4.4.2).
 * Long polling from the product's own pages sends none.
 */
function isFromOwnPages(request: IncomingMessage, publicOrigin: string): boolean {
  const { origin } = request.headers;
  return origin === undefined || origin === publicOrigin;
}

/** The app socket's server, not attached to a port yet. */
export function createSocketServer(publicOrigin: string): AppServer {
  return new Server({
    serveClient: false,
    maxHttpBufferSize: APP_SOCKET_MAX_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: (request, decide) => {
      decide(null, isFromOwnPages(request, publicOrigin));
    },
  });
}

/** Attaches the app socket to a port. What it answers over plain requests carries these headers, refusals too. */
export function attachSocketServer(io: AppServer, server: HttpServer, headers: Readonly<Record<string, string>>): void {
  io.attach(server);
  const named = Object.entries(headers);
  io.engine.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of named) response.setHeader(name, value);
    next();
  });
}

/** Names of the rooms into which sockets are grouped. */
export const rooms = {
  account: (id: string): string => `account:${id}`,
  session: (id: string): string => `session:${id}`,
  consultation: (id: string): string => `consultation:${id}`,
  /** Of the slot socket: pages that show a doctor's times. */
  slots: (doctorId: string): string => `slots:${doctorId}`,
} as const;
