import type { MediaRequestResponse } from '@health-connect/contract';
import type { types } from 'mediasoup-client';
import { CAMERA_ENCODINGS, CAMERA_START_BITRATE_KBPS } from './layers.ts';
import type { DeviceKind } from './device-problem.ts';
import type { Producer, SendTransport } from './engine.ts';
import { SerialQueue } from './serial-queue.ts';
import type { MediaSignalling } from './signalling/media-signalling.ts';

/** What this person wants to send from one device. */
export interface Wanted {
  readonly track: MediaStreamTrack | undefined;
  readonly on: boolean;
}

/** The producers that the node holds for us, as `resume` answers them. */
type OpenProducers = MediaRequestResponse<'resume'>['producers'];

/**
 * Sends the microphone and the camera. `sync` is given what is wanted and does what is missing; calls for one device
 * run one after the other, and each carries out the latest wish, so that quick presses end in the last one.
 */
export class Publisher {
  readonly #transport: SendTransport;
  readonly #signalling: MediaSignalling;
  readonly #codecs: readonly types.RtpCodecCapability[];
  readonly #producers = new Map<DeviceKind, Producer>();
  readonly #wanted = new Map<DeviceKind, Wanted>();
  /** What the node last confirmed or told. No entry while that is not known, such as after a lost answer. */
  readonly #toldPaused = new Map<DeviceKind, boolean>();
  readonly #queues: Readonly<Record<DeviceKind, SerialQueue>> = {
    microphone: SerialQueue.create(),
    camera: SerialQueue.create(),
  };
  #closed = false;

  private constructor(
    transport: SendTransport,
    signalling: MediaSignalling,
    codecs: readonly types.RtpCodecCapability[],
  ) {
    this.#transport = transport;
    this.#signalling = signalling;
    this.#codecs = codecs;
  }

  /** @param codecs what the device can send and the router takes */
  static create(
    transport: SendTransport,
    signalling: MediaSignalling,
    codecs: readonly types.RtpCodecCapability[],
  ): Publisher {
    return new Publisher(transport, signalling, codecs);
  }

  /** Makes the call carry what is wanted. Rejects when the node refuses it. */
  sync(kind: DeviceKind, wanted: Wanted): Promise<void> {
    this.#wanted.set(kind, wanted);
    return this.#queues[kind].run(() => this.#applyLatest(kind));
  }

  /** A moderator paused our producer: our books follow, until the person wants it on again. */
  markPaused(producerId: string): DeviceKind | undefined {
    const kind = this.#kindOf(producerId);
    if (kind === undefined) return undefined;
    this.#toldPaused.set(kind, true);
    const wanted = this.#wanted.get(kind);
    if (wanted !== undefined) this.#wanted.set(kind, { ...wanted, on: false });
    return kind;
  }

  /** The producers that the node paused while we were away: it knew them as on, and nobody here switched them off. */
  missedPauses(open: OpenProducers): string[] {
    return open.flatMap(({ id, paused }) => {
      const kind = this.#kindOf(id);
      return paused && kind !== undefined && this.#toldPaused.get(kind) === false ? [id] : [];
    });
  }

  /** After `resume`: the node and we hold the same producers again, and it hears the wishes that it missed. */
  async reconcile(open: OpenProducers): Promise<void> {
    const kinds = ['microphone', 'camera'] as const;
    await Promise.all(kinds.map((kind) => this.#queues[kind].run(() => this.#reconcile(kind, open))));
  }

  close(): void {
    this.#closed = true;
    this.#wanted.clear();
    for (const producer of this.#producers.values()) producer.close();
    this.#producers.clear();
  }

  #kindOf(producerId: string): DeviceKind | undefined {
    return [...this.#producers].find(([, { id }]) => id === producerId)?.[0];
  }

  async #reconcile(kind: DeviceKind, open: OpenProducers): Promise<void> {
    const mine = this.#producers.get(kind);
    const theirs = open.find(({ id }) => id === mine?.id);
    // A `produce` whose answer was lost: it would take the place of the next one.
    const unknown = open.filter(({ id, source }) => source === kind && id !== mine?.id);
    for (const { id } of unknown) await this.#closeOnNode(id);
    if (mine !== undefined && theirs === undefined) {
      mine.close();
      this.#producers.delete(kind);
      // It is there after all when it was made after the node had answered `resume`.
      await this.#closeOnNode(mine.id);
    }
    if (theirs?.paused !== this.#toldPaused.get(kind)) this.#toldPaused.delete(kind);
    await this.#applyLatest(kind);
  }

  async #closeOnNode(producerId: string): Promise<void> {
    // Gone already, or the connection was lost again and the next `resume` leads here.
    await this.#signalling.request('closeProducer', { producerId }).catch(() => undefined);
  }

  async #applyLatest(kind: DeviceKind): Promise<void> {
    const wanted = this.#wanted.get(kind);
    if (wanted !== undefined && !this.#closed) await this.#apply(kind, wanted);
  }

  async #apply(kind: DeviceKind, { track, on }: Wanted): Promise<void> {
    const producer = this.#producers.get(kind);
    if (track === undefined || track.readyState === 'ended') {
      if (producer === undefined) return;
      await this.#tellPaused(kind, producer, true);
      if (producer.track !== null) await producer.replaceTrack({ track: null });
      return;
    }
    if (producer === undefined) {
      if (on || kind === 'microphone') await this.#produce(kind, track, !on);
      return;
    }
    if (producer.track !== track) await producer.replaceTrack({ track });
    await this.#tellPaused(kind, producer, !on);
  }

  async #tellPaused(kind: DeviceKind, { id }: Producer, paused: boolean): Promise<void> {
    if (this.#toldPaused.get(kind) === paused) return;
    this.#toldPaused.delete(kind);
    await this.#signalling.request(paused ? 'pauseProducer' : 'resumeProducer', { producerId: id });
    this.#toldPaused.set(kind, paused);
  }

  async #produce(kind: DeviceKind, track: MediaStreamTrack, paused: boolean): Promise<void> {
    const producer = await this.#transport.produce({
      track,
      // The local media own their tracks and their switches; the producer only borrows them.
      stopTracks: false,
      disableTrackOnPause: false,
      streamId: 'person',
      appData: { source: kind, paused },
      ...(kind === 'camera' ? this.#cameraOptions() : { codecOptions: { opusFec: true, opusDtx: true } }),
    });
    if (this.#closed) {
      producer.close();
      return;
    }
    this.#producers.set(kind, producer);
    this.#toldPaused.set(kind, paused);
  }

  #cameraOptions(): Partial<types.ProducerOptions> {
    const vp8 = this.#codecs.find(({ mimeType }) => mimeType.toLowerCase() === 'video/vp8');
    return {
      ...(vp8 === undefined ? {} : { codec: vp8 }),
      encodings: CAMERA_ENCODINGS.map((encoding) => ({ ...encoding })),
      codecOptions: { videoGoogleStartBitrate: CAMERA_START_BITRATE_KBPS },
    };
  }
}
