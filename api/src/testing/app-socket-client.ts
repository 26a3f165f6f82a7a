import {
  acknowledgementSchema,
  type Acknowledgement,
  type AppEventName,
  type AppRequestName,
} from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';

const anyAcknowledgement = acknowledgementSchema(z.looseObject({}));
const TIMEOUT_MS = 5000;

/** Why a handshake was refused. */
export class HandshakeRefused extends Error {
  readonly data: unknown;

  constructor(message: string, data: unknown) {
    super(message);
    this.data = data;
  }
}

/** A real Socket.IO client of the app socket. */
export class AppSocketClient {
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** @throws HandshakeRefused */
  static async connect(
    url: string,
    cookie: string | undefined,
    headers: Readonly<Record<string, string>> = {},
    transports: string[] = ['websocket'],
    auth: Readonly<Record<string, unknown>> = {},
  ): Promise<AppSocketClient> {
    const extraHeaders = { ...headers, ...(cookie === undefined ? {} : { cookie }) };
    const socket = io(url, { auth, transports, extraHeaders, reconnection: false, forceNew: true });
    const settled = Promise.withResolvers<AppSocketClient>();
    socket.once('connect', () => settled.resolve(new AppSocketClient(socket)));
    socket.once('connect_error', (error: Error & { data?: unknown }) => {
      socket.close();
      settled.reject(new HandshakeRefused(error.message, error.data));
    });
    return settled.promise;
  }

  request(name: AppRequestName, payload: unknown): Promise<Acknowledgement<unknown>> {
    return this.raw(name, payload);
  }

  /** Sends whatever it is given, and waits for the acknowledgement. */
  async raw(name: string, ...payloads: unknown[]): Promise<Acknowledgement<unknown>> {
    const answer: unknown = await this.socket.timeout(TIMEOUT_MS).emitWithAck(name, ...payloads);
    return anyAcknowledgement.parse(answer);
  }

  /** Payload of the next event of that name. */
  next(name: AppEventName | 'disconnect'): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.socket.once(name, resolve);
    return promise;
  }

  /** Counts events of that name from now on. */
  count(name: AppEventName): () => number {
    let count = 0;
    this.socket.on(name, () => (count += 1));
    return () => count;
  }

  close(): void {
    this.socket.close();
  }
}
