import type { types } from 'mediasoup-client';
import { CAMERA_ENCODINGS, CAMERA_START_BITRATE_KBPS } from './layers.ts';
import type { DeviceKind } from './device-problem.ts';
import type { MediaSignalling } from './signalling/media-signalling.ts';

/** What this person wants to send from one device. */
export interface Wanted {
  readonly track: MediaStreamTrack | undefined;
  readonly on: boolean;
}

/**
 * Sends the microphone and the camera. `sync` is given what is wanted and does what is missing; calls for one device
 * run one after the other, and only the latest wish counts, so that quick presses end in the last one.
 */
export class Publisher {
  readonly #transport: types.Transport;
  readonly #signalling: MediaSignalling;
  readonly #codecs: readonly types.RtpCodecCapability[];
  readonly #producers = new Map<DeviceKind, types.Producer>();
  readonly #wanted = new Map<DeviceKind, Wanted>();
  readonly #running = new Map<DeviceKind, Promise<void>>();
  #closed = false;

  private constructor(
    transport: types.Transport,
    signalling: MediaSignalling,
    codecs: readonly types.RtpCodecCapability[],
  ) {
    this.#transport = transport;
    this.#signalling = signalling;
    this.#codecs = codecs;
  }

  /** @param codecs what the device can send and the router takes */
  static create(
    transport: types.Transport,
    signalling: MediaSignalling,
    codecs: readonly types.RtpCodecCapability[],
  ): Publisher {
    return new Publisher(transport, signalling, codecs);
  }

  /** Makes the call carry what is wanted. Rejects when the node refuses it. */
  sync(kind: DeviceKind, wanted: Wanted): Promise<void> {
    this.#wanted.set(kind, wanted);
    const run = this.#running.get(kind) ?? this.#drain(kind).finally(() => this.#running.delete(kind));
    this.#running.set(kind, run);
    return run;
  }

  /** A moderator or the node paused our producer: our books follow. */
  markPaused(producerId: string): DeviceKind | undefined {
    const entry = [...this.#producers].find(([, producer]) => producer.id === producerId);
    entry?.[1].pause();
    return entry?.[0];
  }

  /** After `resume`: forgets producers that the node no longer has, and tells it of pauses that it missed. */
  async reconcile(open: readonly { readonly id: string; readonly paused: boolean }[]): Promise<void> {
    for (const [kind, producer] of this.#producers) {
      const theirs = open.find(({ id }) => id === producer.id);
      if (theirs === undefined) {
        producer.close();
        this.#producers.delete(kind);
      } else if (theirs.paused !== producer.paused) {
        const request = producer.paused ? 'pauseProducer' : 'resumeProducer';
        await this.#signalling.request(request, { producerId: producer.id });
      }
    }
    await Promise.all([...this.#wanted].map(([kind, wanted]) => this.sync(kind, wanted)));
  }

  close(): void {
    this.#closed = true;
    this.#wanted.clear();
    for (const producer of this.#producers.values()) producer.close();
    this.#producers.clear();
  }

  async #drain(kind: DeviceKind): Promise<void> {
    let done: Wanted | undefined;
    for (
      let wanted = this.#wanted.get(kind);
      wanted !== undefined && wanted !== done;
      wanted = this.#wanted.get(kind)
    ) {
      if (this.#closed) return;
      await this.#apply(kind, wanted);
      done = wanted;
    }
  }

  async #apply(kind: DeviceKind, { track, on }: Wanted): Promise<void> {
    const producer = this.#producers.get(kind);
    if (track === undefined || track.readyState === 'ended' || (!on && producer === undefined && kind === 'camera')) {
      if (producer !== undefined) await this.#pause(producer, true);
      return;
    }
    if (producer === undefined) return this.#produce(kind, track);
    if (producer.track !== track) await producer.replaceTrack({ track });
    if (!on) return this.#pause(producer, false);
    if (!producer.paused) return;
    producer.resume();
    await this.#signalling.request('resumeProducer', { producerId: producer.id });
  }

  async #pause(producer: types.Producer, withoutTrack: boolean): Promise<void> {
    const told = producer.paused;
    producer.pause();
    if (!told) await this.#signalling.request('pauseProducer', { producerId: producer.id });
    if (withoutTrack && producer.track !== null) await producer.replaceTrack({ track: null });
  }

  async #produce(kind: DeviceKind, track: MediaStreamTrack): Promise<void> {
    const producer = await this.#transport.produce({
      track,
      // The local media own their tracks; the producer only borrows them.
      stopTracks: false,
      streamId: 'person',
      appData: { source: kind, paused: !track.enabled },
      ...(kind === 'camera' ? this.#cameraOptions() : { codecOptions: { opusFec: true, opusDtx: true } }),
    });
    if (this.#closed) {
      producer.close();
      return;
    }
    this.#producers.set(kind, producer);
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
