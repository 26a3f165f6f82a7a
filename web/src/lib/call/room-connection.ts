import {
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  dtlsParametersSchema,
  mediaSourceSchema,
  MEDIA_PROTOCOL_VERSION,
  ProductError,
  type JoinGrant,
  type MediaRequestResponse,
  type TransportOptions,
} from '@health-connect/contract';
import type { types } from 'mediasoup-client';
import { Emitter, type Unsubscribe } from '../emitter.ts';
import type { MediaSocketFactory } from '../realtime/media-socket.ts';
import type { EngineDevice, EngineTransport, LoadDevice } from './engine.ts';
import { Publisher } from './publisher.ts';
import type { RemotePeers } from './remote-peers.ts';
import { MediaSignalling } from './signalling/media-signalling.ts';
import { Subscriber } from './subscriber.ts';

export type Direction = 'send' | 'receive';

type Asked = types.TransportEvents['produce'][0];

/** How long a goodbye waits for its answer; the person does not wait for it. */
const LEAVE_TIMEOUT_MS = 2_000;

/** What a connection is made of; tests give their own. */
export interface RoomParts {
  readonly openSocket: MediaSocketFactory;
  readonly loadDevice: LoadDevice;
}

type Events = {
  transportState: { direction: Direction; state: types.ConnectionState };
};

/**
 * One stay in a room: the signalling connection, both transports and what runs over them. When it cannot be saved, it
 * is closed and another one is made; the people and the local media outlive it.
 */
export class RoomConnection {
  readonly signalling: MediaSignalling;
  readonly publisher: Publisher;
  readonly subscriber: Subscriber;
  readonly #transports: Readonly<Record<Direction, EngineTransport>>;
  readonly #events = new Emitter<Events>();
  #closed = false;

  private constructor(
    signalling: MediaSignalling,
    device: EngineDevice,
    transports: Readonly<Record<Direction, EngineTransport>>,
    peers: RemotePeers,
  ) {
    this.signalling = signalling;
    this.#transports = transports;
    this.publisher = Publisher.create(transports.send, signalling, device.sendRtpCapabilities.codecs ?? []);
    this.subscriber = Subscriber.create(transports.receive, signalling, peers);
    for (const direction of ['send', 'receive'] as const) {
      transports[direction].on('connectionstatechange', (state) =>
        this.#events.emit('transportState', { direction, state }),
      );
    }
    this.#answerTransports();
  }

  /**
   * Enters the room in one round trip after the socket is open: the answer to `join` holds both transports, everybody
   * and a paused consumer per track. Throws `ProductError`.
   * @param onOpen gets the signalling before the request, so that no event between it and the answer is lost
   */
  static async join(
    grant: JoinGrant,
    { openSocket, loadDevice }: RoomParts,
    peers: RemotePeers,
    onOpen: (signalling: MediaSignalling) => void,
  ): Promise<{ connection: RoomConnection; answer: MediaRequestResponse<'join'> }> {
    if (grant.protocolVersion !== MEDIA_PROTOCOL_VERSION) throw new ProductError('protocol_unsupported');
    let handshake = MediaSignalling.tokenHandshake(grant.token);
    const signalling = MediaSignalling.open(openSocket, grant.url, () => handshake);
    onOpen(signalling);
    try {
      const [device] = await Promise.all([loadDevice(grant.routerRtpCapabilities), opened(signalling)]);
      const answer = await signalling.request('join', {
        rtpCapabilities: rtpCapabilitiesSchema.parse(device.recvRtpCapabilities),
      });
      handshake = MediaSignalling.resumeHandshake(grant.peerId, answer.sessionSecret);
      const shared = { iceServers: grant.iceServers };
      const transports = {
        send: device.createSendTransport({ ...transportOptions(answer.sendTransport), ...shared }),
        receive: device.createRecvTransport({ ...transportOptions(answer.receiveTransport), ...shared }),
      };
      return { connection: new RoomConnection(signalling, device, transports, peers), answer };
    } catch (error) {
      signalling.close();
      throw error;
    }
  }

  on<N extends keyof Events>(name: N, listener: (payload: Events[N]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  /** Asks for new ICE credentials and looks for a path again (R10). */
  async restartIce(direction: Direction): Promise<void> {
    const transport = this.#transports[direction];
    const { iceParameters } = await this.signalling.request('restartIce', { transportId: transport.id });
    if (!transport.closed) await transport.restartIce({ iceParameters });
  }

  /** Says goodbye: media stop at once, the node is told, and nothing is kept. */
  async leave(): Promise<void> {
    this.#closeMedia();
    try {
      if (this.signalling.connected) await this.signalling.request('leave', {}, LEAVE_TIMEOUT_MS);
    } catch {
      // The node notices the closed connection all the same.
    } finally {
      this.signalling.close();
    }
  }

  close(): void {
    this.#closeMedia();
    this.signalling.close();
  }

  #closeMedia(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#events.clear();
    this.publisher.close();
    this.subscriber.close();
    this.#transports.send.close();
    this.#transports.receive.close();
  }

  #answerTransports(): void {
    for (const transport of Object.values(this.#transports)) {
      transport.on('connect', ({ dtlsParameters }, callback) => {
        // Messages keep their order, so nobody waits for this answer; a refusal shows as a failed transport.
        callback();
        this.#connect(transport.id, dtlsParameters).catch(() => this.#reportFailed(transport));
      });
    }
    this.#transports.send.on('produce', (asked, callback, errback) => {
      // Nothing may be thrown from here: the engine would wait for an answer for ever.
      this.#produce(asked).then(callback, errback);
    });
  }

  async #connect(transportId: string, dtlsParameters: types.DtlsParameters): Promise<void> {
    await this.signalling.request('connectTransport', {
      transportId,
      dtlsParameters: dtlsParametersSchema.parse(dtlsParameters),
    });
  }

  async #produce({ kind, rtpParameters, appData }: Asked): Promise<{ id: string }> {
    const { producerId } = await this.signalling.request('produce', {
      kind,
      source: mediaSourceSchema.parse(appData['source']),
      rtpParameters: rtpParametersSchema.parse(rtpParameters),
      paused: appData['paused'] === true,
    });
    return { id: producerId };
  }

  #reportFailed(transport: EngineTransport): void {
    const direction = transport === this.#transports.send ? 'send' : 'receive';
    if (!this.#closed) this.#events.emit('transportState', { direction, state: 'failed' });
  }
}

function transportOptions({ iceParameters, iceCandidates, ...rest }: TransportOptions): types.TransportOptions {
  return { ...rest, iceParameters, iceCandidates: iceCandidates.map((candidate) => ({ ...candidate })) };
}

/** Resolves when the socket is open; rejects when the node refuses us or cannot be reached. */
function opened(signalling: MediaSignalling): Promise<void> {
  return new Promise((resolve, reject) => {
    signalling.on('connected', resolve);
    signalling.on('lost', ({ refusal }) => reject(refusal ?? new ProductError('media_unavailable')));
  });
}
