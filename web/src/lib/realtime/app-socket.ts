import {
  acknowledgementSchema,
  appEvents,
  appRequests,
  ProductError,
  type AppEventName,
  type AppEventPayload,
  type AppHandshake,
  type AppRequestName,
  type AppRequestPayload,
  type AppRequestResponse,
  type ErrorCode,
} from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import { Emitter, type Unsubscribe } from '../emitter.ts';

/** How long an acknowledgement may take. */
const REQUEST_TIMEOUT_MS = 10_000;

/** What the server says to a handshake without a session. */
const REFUSED = 'unauthenticated' satisfies ErrorCode;
/** What it says when the session is another account's. */
const OTHER_ACCOUNT = 'account_changed' satisfies ErrorCode;

/** What the socket tells. */
export type AppSocketEvents = { [N in AppEventName]: AppEventPayload<N> } & {
  /** The socket is there (again): what was watched must be watched anew. */
  connected: undefined;
  /** The server takes no socket of this session: renew it, then `reconnect()`. */
  refused: undefined;
  /** The session belongs to another account than the page. */
  'account-changed': undefined;
};

function isEventName(name: string): name is AppEventName {
  return Object.hasOwn(appEvents, name);
}

/** The socket to `api`: live lists and presence. One per signed-in page; every message is checked on receipt. */
export class AppSocket {
  readonly #socket: Socket;
  readonly #events = new Emitter<AppSocketEvents>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('connect', () => this.#events.emit('connected', undefined));
    socket.on('connect_error', (error) => {
      if (error.message === REFUSED) this.#events.emit('refused', undefined);
      if (error.message === OTHER_ACCOUNT) this.#events.emit('account-changed', undefined);
    });
    socket.onAny((name: string, payload: unknown) => this.#receive(name, payload));
  }

  /**
   * Connects with the session cookie. WebSocket first, polling where a proxy forbids it (R3).
   * @param accountId the account that the page shows
   */
  static connect(accountId: string): AppSocket {
    const auth: AppHandshake = { accountId };
    return new AppSocket(io({ auth, transports: ['websocket', 'polling'], tryAllTransports: true, forceNew: true }));
  }

  on<N extends keyof AppSocketEvents>(name: N, listener: (payload: AppSocketEvents[N]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Connects anew, with the cookies of now. After a refusal by the server it does not do so by itself. */
  reconnect(): void {
    this.#socket.disconnect().connect();
  }

  /** Sends a request. Throws `ProductError`: the server's refusal, `timeout`, or `internal` for an answer out of shape. */
  async request<N extends AppRequestName>(name: N, payload: AppRequestPayload<N>): Promise<AppRequestResponse<N>> {
    const answer: unknown = await this.#socket
      .timeout(REQUEST_TIMEOUT_MS)
      .emitWithAck(name, payload)
      .catch((cause: unknown) => {
        throw new ProductError('timeout', { cause });
      });
    const parsed = acknowledgementSchema(appRequests[name].response).safeParse(answer);
    if (!parsed.success) throw new ProductError('internal', { cause: parsed.error });
    if (!parsed.data.ok) throw ProductError.fromFailure(parsed.data.error);
    return parsed.data.data as AppRequestResponse<N>;
  }

  close(): void {
    this.#events.clear();
    this.#socket.offAny();
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #receive(name: string, payload: unknown): void {
    if (!isEventName(name)) return;
    const parsed = appEvents[name].payload.safeParse(payload);
    // A message out of shape is dropped: the next load of the list tells the truth.
    if (parsed.success) this.#events.emit(name, parsed.data);
  }
}
