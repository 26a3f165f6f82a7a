import type { types } from 'mediasoup-client';
import type { Consumer, EngineDevice, EngineTransport, Producer } from '../engine.ts';
import { FAKE_RTP_PARAMETERS } from './fake-media-node.ts';

type Listeners = { [N in keyof types.TransportEvents]?: (...args: types.TransportEvents[N]) => void };

/** A transport without a network: it asks its listeners as mediasoup-client does, thrown errors swallowed. */
export class FakeTransport implements EngineTransport {
  readonly id: string;
  readonly producing: types.ProducerOptions[] = [];
  readonly producers: Producer[] = [];
  readonly consumers: Consumer[] = [];
  /** What the browser says that it sends. */
  rtpParameters: types.RtpParameters = FAKE_RTP_PARAMETERS;
  #listeners: Listeners = {};
  closed = false;

  constructor(id: string) {
    this.id = id;
  }

  on<N extends keyof types.TransportEvents>(event: N, listener: (...args: types.TransportEvents[N]) => void): void {
    this.#listeners = { ...this.#listeners, [event]: listener };
  }

  async produce(options: types.ProducerOptions): Promise<Producer> {
    this.producing.push(options);
    const track = options.track ?? null;
    const kind = track?.kind === 'audio' ? 'audio' : 'video';
    const asked = { kind, rtpParameters: this.rtpParameters, appData: options.appData ?? {} } as const;
    const { id } = await new Promise<{ id: string }>((resolve, reject) => {
      this.#ask('produce', asked, resolve, reject);
    });
    const producer = fakeProducer(id, track);
    this.producers.push(producer);
    return producer;
  }

  consume(options: types.ConsumerOptions): Promise<Consumer> {
    const track = fakeTrack(options.kind === 'video' ? 'video' : 'audio');
    const consumer = { id: options.id, track, appData: options.appData ?? {}, close: () => undefined };
    this.consumers.push(consumer);
    return Promise.resolve(consumer);
  }

  /** The browser is ready to start DTLS. */
  connect(dtlsParameters: types.DtlsParameters, callback: () => void): void {
    this.#ask('connect', { dtlsParameters }, callback, () => undefined);
  }

  restartIce(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }

  #ask<N extends keyof types.TransportEvents>(event: N, ...args: types.TransportEvents[N]): void {
    try {
      this.#listeners[event]?.(...args);
    } catch {
      // As the engine's own emitter does: the asker waits on.
    }
  }
}

function fakeProducer(id: string, first: MediaStreamTrack | null): Producer {
  let track = first;
  return {
    id,
    get track() {
      return track;
    },
    replaceTrack: (next) => {
      track = next.track;
      return Promise.resolve();
    },
    close: () => undefined,
  };
}

/** A media engine without a browser's. */
export class FakeDevice implements EngineDevice {
  readonly recvRtpCapabilities: types.RtpCapabilities = { codecs: [], headerExtensions: [] };
  readonly sendRtpCapabilities: types.RtpCapabilities = { codecs: [], headerExtensions: [] };
  readonly sending: FakeTransport[] = [];
  readonly receiving: FakeTransport[] = [];

  createSendTransport({ id }: types.TransportOptions): FakeTransport {
    const transport = new FakeTransport(id);
    this.sending.push(transport);
    return transport;
  }

  createRecvTransport({ id }: types.TransportOptions): FakeTransport {
    const transport = new FakeTransport(id);
    this.receiving.push(transport);
    return transport;
  }
}

/** A track that is only a switch. */
export function fakeTrack(kind: 'audio' | 'video', deviceId = 'default'): MediaStreamTrack {
  const track = new EventTarget();
  return Object.assign(track, {
    kind,
    id: crypto.randomUUID(),
    label: deviceId,
    enabled: true,
    muted: false,
    readyState: 'live',
    contentHint: '',
    getSettings: () => ({ deviceId }),
    stop(this: { readyState: string }) {
      this.readyState = 'ended';
    },
  }) as unknown as MediaStreamTrack;
}
