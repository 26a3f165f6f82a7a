import { MEDIA_NAMESPACE, type MediaHandshake } from '@health-connect/contract';
import { io } from 'socket.io-client';

/** Why a socket could not connect or was lost. `final` means that it will not try again by itself. */
export interface SocketLoss {
  readonly final: boolean;
  /** What the server said, unchecked. */
  readonly data: unknown;
}

/** What the media signalling needs of a socket; tests give their own. */
export interface MediaSocket {
  /** Sends a request; the answer is unchecked. Rejects when none came in time or the socket is away. */
  request(name: string, payload: unknown, timeoutMs: number): Promise<unknown>;
  onEvent(listener: (name: string, payload: unknown) => void): void;
  onConnect(listener: () => void): void;
  onLoss(listener: (loss: SocketLoss) => void): void;
  readonly connected: boolean;
  /** Tries now instead of at the end of the back-off. */
  reconnect(): void;
  close(): void;
}

export type MediaSocketFactory = (url: string, handshake: () => MediaHandshake) => MediaSocket;

/**
 * Opens the signalling connection to a media node: WebSocket only, with back-off.
 * @param url base address of the node, without the namespace
 * @param handshake asked at each attempt: the token once, the peer's session secret afterwards
 */
export const openMediaSocket: MediaSocketFactory = (url, handshake) => {
  const socket = io(`${url.replace(/\/+$/, '')}${MEDIA_NAMESPACE}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3_000,
    timeout: 8_000,
    auth: (give: (auth: object) => void) => give(handshake()),
  });
  return {
    // A request must not wait in a buffer for another connection: what it means would have changed.
    request: (name, payload, timeoutMs) =>
      socket.connected
        ? socket.timeout(timeoutMs).emitWithAck(name, payload)
        : Promise.reject(new Error('The signalling connection is away')),
    onEvent: (listener) => void socket.onAny((name: string, payload: unknown) => listener(name, payload)),
    onConnect: (listener) => void socket.on('connect', listener),
    onLoss: (listener) => {
      socket.on('connect_error', (error: Error & { data?: unknown }) =>
        listener({ final: !socket.active, data: error.data }),
      );
      socket.on('disconnect', () => listener({ final: !socket.active, data: undefined }));
    },
    get connected() {
      return socket.connected;
    },
    reconnect: () => {
      if (!socket.connected) socket.disconnect().connect();
    },
    close: () => {
      socket.offAny();
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
};
