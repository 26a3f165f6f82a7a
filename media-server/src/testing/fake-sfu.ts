import { randomUUID } from 'node:crypto';
import type { IceParameters, RtpCapabilities, TransportOptions } from '@health-connect/contract';
import type { Sfu, SfuConsumer, SfuProducer, SfuRouter, SfuTransport } from '../sfu/sfu.ts';
import { opusParameters } from './rtp.ts';

const iceParameters: IceParameters = { usernameFragment: 'fake', password: 'fake-password-0123456789' };

/** A moment that a test holds back: who comes to it waits until it is opened. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #isOpen = true;

  get waiting(): number {
    return this.#waiting.length;
  }

  shut(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    for (const pass of this.#waiting.splice(0)) pass();
  }

  pass(): Promise<void> {
    return this.#isOpen ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export class FakeProducer implements SfuProducer {
  readonly id = randomUUID();
  paused: boolean;
  closed = false;

  constructor(paused: boolean) {
    this.paused = paused;
  }

  pause(): Promise<void> {
    this.paused = true;
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeConsumer implements SfuConsumer {
  readonly id = randomUUID();
  readonly rtpParameters = opusParameters();
  readonly layered = true;
  /** What the engine was told, in order. */
  readonly calls: string[] = [];
  paused = true;
  closed = false;

  pause(): Promise<void> {
    this.paused = true;
    this.calls.push('pause');
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.paused = false;
    this.calls.push('resume');
    return Promise.resolve();
  }

  preferSpatialLayer(layer: number): Promise<void> {
    this.calls.push(`layer ${layer}`);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeTransport implements SfuTransport {
  readonly options: TransportOptions = {
    id: randomUUID(),
    iceParameters,
    iceCandidates: [
      { foundation: '1', priority: 1, ip: '127.0.0.1', address: '127.0.0.1', protocol: 'udp', port: 1, type: 'host' },
    ],
    dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('00').join(':') }] },
  };
  readonly producers: FakeProducer[] = [];
  readonly consumers: FakeConsumer[] = [];
  readonly #sfu: FakeSfu;
  connects = 0;
  closed = false;

  constructor(sfu: FakeSfu) {
    this.#sfu = sfu;
  }

  connect(): Promise<void> {
    this.connects += 1;
    return Promise.resolve();
  }

  restartIce(): Promise<IceParameters> {
    return Promise.resolve(iceParameters);
  }

  async produce(track: { paused: boolean }): Promise<SfuProducer> {
    await this.#sfu.produceGate.pass();
    const producer = new FakeProducer(track.paused);
    this.producers.push(producer);
    return producer;
  }

  async consume(): Promise<SfuConsumer> {
    await this.#sfu.consumeGate.pass();
    const consumer = new FakeConsumer();
    this.consumers.push(consumer);
    return consumer;
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeRouter implements SfuRouter {
  readonly transports: FakeTransport[] = [];
  readonly #sfu: FakeSfu;
  closed = false;
  lose: () => void = () => undefined;

  constructor(sfu: FakeSfu) {
    this.#sfu = sfu;
  }

  async createTransport(): Promise<SfuTransport> {
    await this.#sfu.transportGate.pass();
    const transport = new FakeTransport(this.#sfu);
    this.transports.push(transport);
    return transport;
  }

  checkCapabilities(): void {
    // Everything makes sense to a fake.
  }

  canConsume(_producerId: string, rtpCapabilities: RtpCapabilities): boolean {
    return rtpCapabilities.codecs.length > 0;
  }

  onLost(listener: () => void): void {
    this.lose = listener;
  }

  close(): void {
    this.closed = true;
  }
}

/** An engine in memory for tests of rooms, with gates where a test wants to hold things back. */
export class FakeSfu implements Sfu {
  readonly rtpCapabilities: RtpCapabilities = {
    codecs: [{ kind: 'audio', mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 }],
    headerExtensions: [],
  };
  readonly routers: FakeRouter[] = [];
  readonly routerGate = new Gate();
  readonly transportGate = new Gate();
  readonly produceGate = new Gate();
  readonly consumeGate = new Gate();

  async createRouter(): Promise<SfuRouter> {
    const router = new FakeRouter(this);
    this.routers.push(router);
    await this.routerGate.pass();
    return router;
  }

  /** Transports, producers and consumers that were made and not closed. */
  get leftOpen(): number {
    const transports = this.routers.flatMap((router) => router.transports);
    const parts = transports.flatMap((transport) => [transport, ...transport.producers, ...transport.consumers]);
    return parts.filter((part) => !part.closed).length;
  }
}
