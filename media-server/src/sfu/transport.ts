import {
  iceParametersSchema,
  rtpParametersSchema,
  transportOptionsSchema,
  type DtlsParameters,
  type IceParameters,
  type MediaKind,
  type RtpCapabilities,
  type RtpParameters,
  type TransportOptions,
} from '@health-connect/contract';
import type { types } from 'mediasoup';
import { accepted } from './refusal.ts';
import type { SfuConsumer, SfuProducer, SfuTransport } from './sfu.ts';
import { wireForm } from './wire-form.ts';

class MediasoupProducer implements SfuProducer {
  readonly #producer: types.Producer;

  constructor(producer: types.Producer) {
    this.#producer = producer;
  }

  get id(): string {
    return this.#producer.id;
  }

  async pause(): Promise<void> {
    await accepted(this.#producer, () => this.#producer.pause());
  }

  async resume(): Promise<void> {
    await accepted(this.#producer, () => this.#producer.resume());
  }

  close(): void {
    this.#producer.close();
  }
}

class MediasoupConsumer implements SfuConsumer {
  readonly rtpParameters: RtpParameters;
  readonly #consumer: types.Consumer;

  constructor(consumer: types.Consumer) {
    this.#consumer = consumer;
    this.rtpParameters = rtpParametersSchema.parse(wireForm(consumer.rtpParameters));
  }

  get id(): string {
    return this.#consumer.id;
  }

  get layered(): boolean {
    return this.#consumer.type === 'simulcast' || this.#consumer.type === 'svc';
  }

  async pause(): Promise<void> {
    await accepted(this.#consumer, () => this.#consumer.pause());
  }

  async resume(): Promise<void> {
    await accepted(this.#consumer, () => this.#consumer.resume());
  }

  async preferSpatialLayer(layer: number): Promise<void> {
    await accepted(this.#consumer, () => this.#consumer.setPreferredLayers({ spatialLayer: layer }));
  }

  close(): void {
    this.#consumer.close();
  }
}

/** A WebRTC transport of mediasoup behind the interface that rooms use. */
export class MediasoupTransport implements SfuTransport {
  readonly options: TransportOptions;
  readonly #transport: types.WebRtcTransport;

  constructor(transport: types.WebRtcTransport) {
    this.#transport = transport;
    this.options = transportOptionsSchema.parse(
      wireForm({
        id: transport.id,
        iceParameters: transport.iceParameters,
        iceCandidates: transport.iceCandidates,
        dtlsParameters: transport.dtlsParameters,
      }),
    );
  }

  async connect(dtlsParameters: DtlsParameters): Promise<void> {
    await accepted(this.#transport, () => this.#transport.connect({ dtlsParameters }));
  }

  async restartIce(): Promise<IceParameters> {
    const parameters = await accepted(this.#transport, () => this.#transport.restartIce());
    return iceParametersSchema.parse(wireForm(parameters));
  }

  async produce(track: { kind: MediaKind; rtpParameters: RtpParameters; paused: boolean }): Promise<SfuProducer> {
    return new MediasoupProducer(await accepted(this.#transport, () => this.#transport.produce(track)));
  }

  async consume(producerId: string, rtpCapabilities: RtpCapabilities): Promise<SfuConsumer> {
    const request = { producerId, rtpCapabilities, paused: true };
    return new MediasoupConsumer(await accepted(this.#transport, () => this.#transport.consume(request)));
  }

  close(): void {
    this.#transport.close();
  }
}
