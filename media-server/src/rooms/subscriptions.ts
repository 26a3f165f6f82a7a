import { ProductError, type ConsumerOptions, type RtpCapabilities } from '@health-connect/contract';
import type { SfuConsumer, SfuRouter, SfuTransport } from '../sfu/sfu.ts';
import { layerForWidth } from './layers.ts';
import type { Track } from './track.ts';

interface Subscription {
  readonly consumer: SfuConsumer;
  track: Track;
  /** What the peer asked for with `pauseConsumer` and `resumeConsumer`; everything starts paused. */
  pausedByRequest: boolean;
  /** What the peer said last with `setView`; undefined before that. */
  widthPx: number | undefined;
  /** What the engine was told last. */
  enginePaused: boolean;
}

/** Consumers that one peer receives, at most one for each track of others. */
export class Subscriptions {
  readonly #router: SfuRouter;
  readonly #transport: SfuTransport;
  readonly #rtpCapabilities: RtpCapabilities;
  readonly #byConsumer = new Map<string, Subscription>();
  readonly #byTrack = new Map<string, Subscription>();
  /** Tracks whose consumer is being made. A track that ends meanwhile is taken out, and its consumer is dropped. */
  readonly #pending = new Map<string, Track>();
  #closed = false;

  constructor(options: { router: SfuRouter; transport: SfuTransport; rtpCapabilities: RtpCapabilities }) {
    this.#router = options.router;
    this.#transport = options.transport;
    this.#rtpCapabilities = options.rtpCapabilities;
  }

  get size(): number {
    return this.#byConsumer.size;
  }

  /** Every consumer as its browser needs it. */
  get options(): ConsumerOptions[] {
    return [...this.#byConsumer.values()].map(optionsOf);
  }

  /**
   * Makes a paused consumer for a track. Undefined when there is or will be one already, when the browser cannot decode
   * the track, or when the track or this peer ended while the consumer was being made.
   */
  async add(track: Track): Promise<ConsumerOptions | undefined> {
    if (this.#closed || this.#byTrack.has(track.id) || this.#pending.has(track.id)) return undefined;
    if (!this.#router.canConsume(track.id, this.#rtpCapabilities)) return undefined;
    this.#pending.set(track.id, track);
    try {
      const consumer = await this.#transport.consume(track.id, this.#rtpCapabilities);
      return this.#keep(track.id, consumer);
    } catch (error) {
      if (!this.#pending.has(track.id)) return undefined;
      throw error;
    } finally {
      this.#pending.delete(track.id);
    }
  }

  /** Notes that a track's sender paused or resumed it; the id of its consumer, if there is one already. */
  update(track: Track): string | undefined {
    if (this.#pending.has(track.id)) this.#pending.set(track.id, track);
    const subscription = this.#byTrack.get(track.id);
    if (subscription === undefined) return undefined;
    subscription.track = track;
    return subscription.consumer.id;
  }

  /** Drops the consumer of a track that has ended; its id, if there was one. */
  remove(trackId: string): string | undefined {
    this.#pending.delete(trackId);
    const subscription = this.#byTrack.get(trackId);
    if (subscription === undefined) return undefined;
    this.#byTrack.delete(trackId);
    this.#byConsumer.delete(subscription.consumer.id);
    subscription.consumer.close();
    return subscription.consumer.id;
  }

  /** Throws `consumer_not_found`. */
  async resume(consumerId: string): Promise<void> {
    const subscription = this.#require(consumerId);
    subscription.pausedByRequest = false;
    await this.#applyPause(subscription);
  }

  /** Throws `consumer_not_found`. */
  async pause(consumerId: string): Promise<void> {
    const subscription = this.#require(consumerId);
    subscription.pausedByRequest = true;
    await this.#applyPause(subscription);
  }

  /** Takes all tiles or, with `consumer_not_found`, none. */
  async setView(tiles: readonly { consumerId: string; widthPx: number }[]): Promise<void> {
    const changes = tiles.map((tile) => ({ subscription: this.#require(tile.consumerId), widthPx: tile.widthPx }));
    for (const { subscription, widthPx } of changes) subscription.widthPx = widthPx;
    await Promise.all([...new Set(changes.map((change) => change.subscription))].map((one) => this.#applyView(one)));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending.clear();
    for (const subscription of this.#byConsumer.values()) subscription.consumer.close();
    this.#byConsumer.clear();
    this.#byTrack.clear();
  }

  #keep(trackId: string, consumer: SfuConsumer): ConsumerOptions | undefined {
    const track = this.#pending.get(trackId);
    if (track === undefined) {
      consumer.close();
      return undefined;
    }
    const subscription = { consumer, track, pausedByRequest: true, widthPx: undefined, enginePaused: true };
    this.#byConsumer.set(consumer.id, subscription);
    this.#byTrack.set(trackId, subscription);
    return optionsOf(subscription);
  }

  #require(consumerId: string): Subscription {
    const subscription = this.#byConsumer.get(consumerId);
    if (subscription === undefined) throw new ProductError('consumer_not_found');
    return subscription;
  }

  async #applyView(subscription: Subscription): Promise<void> {
    const { widthPx, consumer } = subscription;
    if (widthPx !== undefined && widthPx > 0 && consumer.layered) {
      await this.#unlessGone(subscription, () => consumer.preferSpatialLayer(layerForWidth(widthPx)));
    }
    await this.#applyPause(subscription);
  }

  /** Media flows when the peer asked for it and shows it. */
  async #applyPause(subscription: Subscription): Promise<void> {
    const { consumer } = subscription;
    const paused = subscription.pausedByRequest || subscription.widthPx === 0;
    if (paused === subscription.enginePaused) return;
    await this.#unlessGone(subscription, () => (paused ? consumer.pause() : consumer.resume()));
    subscription.enginePaused = paused;
  }

  /** A consumer may end while the engine is being told something about it: that is not the peer's mistake. */
  async #unlessGone(subscription: Subscription, request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      if (this.#byConsumer.has(subscription.consumer.id)) throw error;
    }
  }
}

function optionsOf(subscription: Subscription): ConsumerOptions {
  const { consumer, track } = subscription;
  return {
    id: consumer.id,
    producerId: track.id,
    peerId: track.peerId,
    kind: track.kind,
    source: track.source,
    rtpParameters: consumer.rtpParameters,
    producerPaused: track.paused,
  };
}
