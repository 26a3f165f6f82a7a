import {
  acknowledgementSchema,
  failureSchema,
  MEDIA_NAMESPACE,
  mediaEvents,
  mediaRequests,
  type Acknowledgement,
  type Failure,
  type MediaEventName,
  type MediaEventPayload,
  type MediaRequestName,
  type MediaRequestPayload,
  type MediaRequestResponse,
  type RtpCapabilities,
} from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { routerCapabilities } from '../sfu/codecs.ts';
import { until } from './until.ts';

const ACK_LIMIT_MS = 10_000;
const refusalSchema = z.object({ data: failureSchema });
const looseAnswer = acknowledgementSchema(z.looseObject({}));

/** A browser's end of the media protocol, without media. */
export class TestClient {
  readonly #socket: Socket;
  /** Every event, in order. */
  readonly events: { name: string; payload: unknown }[] = [];
  /** Why the connection was refused, if it was. */
  refusal: Failure | undefined;
  /** That the connection failed before anything could be said, for example because of its origin. */
  failed = false;
  disconnected: string | undefined;
  #state: MediaRequestResponse<'join'> | undefined;

  private constructor(url: string, auth: object, origin: string) {
    this.#socket = io(url + MEDIA_NAMESPACE, {
      transports: ['websocket'],
      auth,
      forceNew: true,
      reconnection: false,
      extraHeaders: { origin },
    });
    this.#socket.onAny((name: string, payload: unknown) => this.events.push({ name, payload }));
    this.#socket.on('disconnect', (reason) => (this.disconnected = reason));
    this.#socket.on('connect_error', (error) => {
      this.failed = true;
      const refusal = refusalSchema.safeParse(error);
      if (refusal.success) this.refusal = refusal.data.data;
    });
  }

  static async open(url: string, auth: object, origin: string): Promise<TestClient> {
    const client = new TestClient(url, auth, origin);
    await until('a decision on the connection', () => client.connected || client.failed);
    return client;
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** The answer to `join`. */
  get state(): MediaRequestResponse<'join'> {
    if (this.#state === undefined) throw new Error('This client has not joined');
    return this.#state;
  }

  async join(rtpCapabilities: RtpCapabilities = routerCapabilities()): Promise<MediaRequestResponse<'join'>> {
    this.#state = await this.ask('join', { rtpCapabilities });
    return this.#state;
  }

  /** Sends a request; throws when it is refused. The answer is checked against the contract. */
  async ask<N extends MediaRequestName>(name: N, payload: MediaRequestPayload<N>): Promise<MediaRequestResponse<N>>;
  async ask(name: MediaRequestName, payload: object): Promise<object> {
    const answer = await this.send(name, payload);
    if (!answer.ok)
      throw new Error(`${name} was refused: ${answer.error.code} ${JSON.stringify(answer.error.details)}`);
    return mediaRequests[name].response.parse(answer.data);
  }

  /** Sends anything; the answer as it is. */
  async send(name: string, ...payloads: readonly unknown[]): Promise<Acknowledgement<object>> {
    const answer: unknown = await this.#socket.timeout(ACK_LIMIT_MS).emitWithAck(name, ...payloads);
    return looseAnswer.parse(answer);
  }

  /** The code that a request is refused with, or `ok`. */
  async codeOf(name: string, ...payloads: readonly unknown[]): Promise<string> {
    const answer = await this.send(name, ...payloads);
    return answer.ok ? 'ok' : answer.error.code;
  }

  /** Sends without asking for an answer. */
  emit(name: string, ...payloads: readonly unknown[]): void {
    this.#socket.emit(name, ...payloads);
  }

  /** Payloads of an event that have come, checked against the contract. */
  told<N extends MediaEventName>(name: N): MediaEventPayload<N>[];
  told(name: MediaEventName): object[] {
    return this.events
      .filter((event) => event.name === name)
      .map((event) => mediaEvents[name].payload.parse(event.payload));
  }

  /** Waits for the first event of a kind. */
  async waitFor<N extends MediaEventName>(name: N): Promise<MediaEventPayload<N>> {
    await until(`the event ${name}`, () => this.told(name).length > 0);
    const [first] = this.told(name);
    if (first === undefined) throw new Error(`No ${name}`);
    return first;
  }

  /** Sends text below Socket.IO's own encoding. */
  sendRaw(text: string): void {
    this.#socket.io.engine.write(text);
  }

  /** Cuts the connection under the socket, as a lost network does. */
  cut(): void {
    this.#socket.io.engine.close();
  }

  close(): void {
    this.#socket.disconnect();
  }
}
