import {
  acknowledgementSchema,
  MEDIA_PROTOCOL_VERSION,
  MEDIA_REQUEST_TIMEOUT_MS,
  mediaEvents,
  mediaRequests,
  ProductError,
  failureSchema,
  type MediaEventName,
  type MediaEventPayload,
  type MediaHandshake,
  type MediaRequestName,
  type MediaRequestPayload,
  type MediaRequestResponse,
} from '@health-connect/contract';
import { Emitter, type Unsubscribe } from '../../emitter.ts';
import type { MediaSocket, MediaSocketFactory } from '../../realtime/media-socket.ts';

/** How the connection to the media node was lost. */
export interface SignallingLoss {
  /** The socket will not try again by itself. */
  readonly final: boolean;
  /** What the node said, when it refused us. */
  readonly refusal: ProductError | undefined;
}

type Events = { [N in MediaEventName]: MediaEventPayload<N> } & {
  connected: undefined;
  lost: SignallingLoss;
};

function isEventName(name: string): name is MediaEventName {
  return Object.hasOwn(mediaEvents, name);
}

/** The media protocol, client side: every message that arrives is checked by the contract's schema. */
export class MediaSignalling {
  readonly #socket: MediaSocket;
  readonly #events = new Emitter<Events>();
  #closed = false;

  private constructor(socket: MediaSocket) {
    this.#socket = socket;
    socket.onConnect(() => this.#events.emit('connected', undefined));
    socket.onLoss(({ final, data }) => this.#events.emit('lost', { final, refusal: refusalOf(data) }));
    socket.onEvent((name, payload) => this.#receive(name, payload));
  }

  /**
   * Opens the connection. The token is shown once; after `keepPlace` the peer's secret is shown instead.
   * @param url base address of the media node
   */
  static open(factory: MediaSocketFactory, url: string, handshake: () => MediaHandshake): MediaSignalling {
    return new MediaSignalling(factory(url, handshake));
  }

  /** The handshake with which a fresh join token is shown. */
  static tokenHandshake(token: string): MediaHandshake {
    return { protocolVersion: MEDIA_PROTOCOL_VERSION, token };
  }

  /** The handshake with which a kept place is taken again. */
  static resumeHandshake(peerId: string, sessionSecret: string): MediaHandshake {
    return { protocolVersion: MEDIA_PROTOCOL_VERSION, peerId, sessionSecret };
  }

  on<N extends keyof Events>(name: N, listener: (payload: Events[N]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /**
   * Sends a request and checks its answer.
   * Throws `ProductError`: the node's refusal, `timeout` when no answer came, `internal` for an answer out of shape.
   */
  async request<N extends MediaRequestName>(
    name: N,
    payload: MediaRequestPayload<N>,
    timeoutMs = MEDIA_REQUEST_TIMEOUT_MS,
  ): Promise<MediaRequestResponse<N>> {
    const answer = await this.#socket.request(name, payload, timeoutMs).catch((cause: unknown) => {
      throw new ProductError('timeout', { cause });
    });
    const parsed = acknowledgementSchema(mediaRequests[name].response).safeParse(answer);
    if (!parsed.success) throw new ProductError('internal', { cause: parsed.error });
    if (!parsed.data.ok) throw ProductError.fromFailure(parsed.data.error);
    return parsed.data.data as MediaRequestResponse<N>;
  }

  /** Tries to connect now, for example because the device is online again. */
  reconnect(): void {
    if (!this.#closed) this.#socket.reconnect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#events.clear();
    this.#socket.close();
  }

  #receive(name: string, payload: unknown): void {
    if (!isEventName(name)) return;
    const parsed = mediaEvents[name].payload.safeParse(payload);
    // A message out of shape changes nothing: state comes whole with each `resume`.
    if (parsed.success) this.#events.emit(name, parsed.data);
  }
}

function refusalOf(data: unknown): ProductError | undefined {
  const candidate = typeof data === 'object' && data !== null && 'error' in data ? data.error : data;
  const failure = failureSchema.safeParse(candidate);
  return failure.success ? ProductError.fromFailure(failure.data) : undefined;
}
