import {
  ProductError,
  type ConsumerOptions,
  type JoinGrant,
  type MediaHandshake,
  type MediaRequestName,
} from '@health-connect/contract';
import type { MediaSocket, MediaSocketFactory, SocketLoss } from '../../realtime/media-socket.ts';

type Payload = Readonly<Record<string, unknown>>;

const RTP = { codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }] };
const FINGERPRINT = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') } as const;

/** RTP parameters that the contract takes. */
export const FAKE_RTP_PARAMETERS = { ...RTP, headerExtensions: [], encodings: [{ ssrc: 1 }], rtcp: { cname: 'a' } };
export const FAKE_DTLS_PARAMETERS = { fingerprints: [FINGERPRINT] };

/** A way in that `api` could have given. */
export function fakeGrant(): JoinGrant {
  const routerRtpCapabilities = { codecs: [], headerExtensions: [] };
  const token = crypto.randomUUID();
  return {
    peerId: crypto.randomUUID(),
    url: 'http://node.test',
    token,
    protocolVersion: 1,
    iceServers: [],
    routerRtpCapabilities,
  };
}

/** Somebody's microphone, as the node offers it. */
export function fakeConsumer(peerId: string): ConsumerOptions {
  const [id, producerId] = [crypto.randomUUID(), crypto.randomUUID()];
  const kind = { kind: 'audio', source: 'microphone' } as const;
  return { id, producerId, peerId, ...kind, rtpParameters: FAKE_RTP_PARAMETERS, producerPaused: false };
}

function transport(): object {
  const candidate = { foundation: 'a', priority: 1, ip: '10.0.0.1', address: '10.0.0.1', port: 40_000 } as const;
  return {
    id: crypto.randomUUID(),
    iceParameters: { usernameFragment: 'fragment', password: 'p'.repeat(24) },
    iceCandidates: [{ ...candidate, protocol: 'udp', type: 'host' }],
    dtlsParameters: FAKE_DTLS_PARAMETERS,
  };
}

/** The client's end of a signalling connection, without a network. The test decides when it opens and is lost. */
export class FakeMediaSocket implements MediaSocket {
  readonly handshake: () => MediaHandshake;
  readonly requests: { name: string; payload: unknown }[] = [];
  readonly #answer: (name: string, payload: unknown) => Promise<unknown>;
  readonly #rejects = new Set<(error: Error) => void>();
  #onEvent: ((name: string, payload: unknown) => void)[] = [];
  #onConnect: (() => void)[] = [];
  #onLoss: ((loss: SocketLoss) => void)[] = [];
  connected = false;
  closed = false;

  constructor(handshake: () => MediaHandshake, answer: (name: string, payload: unknown) => Promise<unknown>) {
    this.handshake = handshake;
    this.#answer = answer;
  }

  request(name: string, payload: unknown): Promise<unknown> {
    if (!this.connected) return Promise.reject(new Error('The socket is away'));
    this.requests.push({ name, payload });
    return new Promise((resolve, reject) => {
      this.#rejects.add(reject);
      this.#answer(name, payload).then(resolve, reject);
    });
  }

  onEvent(listener: (name: string, payload: unknown) => void): void {
    this.#onEvent.push(listener);
  }

  onConnect(listener: () => void): void {
    this.#onConnect.push(listener);
  }

  onLoss(listener: (loss: SocketLoss) => void): void {
    this.#onLoss.push(listener);
  }

  reconnect(): void {
    if (!this.closed) this.connect();
  }

  close(): void {
    this.closed = true;
    this.#drop();
    this.#onEvent = [];
    this.#onConnect = [];
    this.#onLoss = [];
  }

  /** The connection opens, or is there again. */
  connect(): void {
    this.connected = true;
    for (const listener of this.#onConnect) listener();
  }

  /** The connection is lost; requests under way get no answer. */
  lose(final = false): void {
    this.#drop();
    for (const listener of this.#onLoss) listener({ final, data: undefined });
  }

  /** The node tells something. */
  tell(name: string, payload: Payload): void {
    for (const listener of this.#onEvent) listener(name, payload);
  }

  /** The payloads of the requests of one name, in order. */
  sent(name: MediaRequestName): unknown[] {
    return this.requests.filter((request) => request.name === name).map(({ payload }) => payload);
  }

  #drop(): void {
    this.connected = false;
    for (const reject of this.#rejects) reject(new Error('The connection was lost'));
    this.#rejects.clear();
  }
}

/** A media node that answers as the protocol says, or as a test says. */
export class FakeMediaNode {
  readonly sockets: FakeMediaSocket[] = [];
  readonly #answers = new Map<string, () => unknown>();
  readonly #held = new Map<string, Promise<unknown>>();

  readonly openSocket: MediaSocketFactory = (_url, handshake) => {
    const socket = new FakeMediaSocket(handshake, (name) => this.#answer(name));
    this.sockets.push(socket);
    return socket;
  };

  /** The socket that was opened last. */
  get socket(): FakeMediaSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('No socket was opened');
    return socket;
  }

  /** What requests of a name are answered from now on; a `ProductError` is a refusal. */
  answers(name: MediaRequestName, answer: () => object | ProductError): void {
    this.#answers.set(name, answer);
  }

  /** Holds back the answers to requests of a name until the returned function is called. */
  hold(name: MediaRequestName): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#held.set(name, promise);
    return () => {
      this.#held.delete(name);
      resolve(undefined);
    };
  }

  async #answer(name: string): Promise<unknown> {
    const data = (this.#answers.get(name) ?? (() => defaultAnswer(name)))();
    await this.#held.get(name);
    if (!(data instanceof ProductError)) return { ok: true, data };
    return { ok: false, error: { code: data.code, message: data.message, requestId: 'request' } };
  }
}

function defaultAnswer(name: string): object {
  if (name === 'produce') return { producerId: crypto.randomUUID() };
  if (name === 'resume') return { peers: [], consumers: [], producers: [] };
  if (name !== 'join') return {};
  const transports = { sendTransport: transport(), receiveTransport: transport() };
  return { sessionSecret: 's'.repeat(32), peers: [], consumers: [], ...transports };
}
