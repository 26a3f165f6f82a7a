import type { ConsumerOptions } from '@health-connect/contract';
import type { Consumer, ReceiveTransport } from './engine.ts';
import { reconcile } from './reconcile.ts';
import type { RemotePeers } from './remote-peers.ts';
import type { MediaSignalling } from './signalling/media-signalling.ts';

/** Receives everybody else's tracks, and keeps `RemotePeers` in step with them. */
export class Subscriber {
  readonly #transport: ReceiveTransport;
  readonly #signalling: MediaSignalling;
  readonly #peers: RemotePeers;
  readonly #consumers = new Map<string, Consumer>();

  private constructor(transport: ReceiveTransport, signalling: MediaSignalling, peers: RemotePeers) {
    this.#transport = transport;
    this.#signalling = signalling;
    this.#peers = peers;
  }

  static create(transport: ReceiveTransport, signalling: MediaSignalling, peers: RemotePeers): Subscriber {
    return new Subscriber(transport, signalling, peers);
  }

  consumer(consumerId: string): Consumer | undefined {
    return this.#consumers.get(consumerId);
  }

  /** Receives tracks: consumers given together cost one negotiation. They start as soon as they are ready. */
  async addAll(options: readonly ConsumerOptions[]): Promise<void> {
    await Promise.all(options.map((each) => this.#add(each)));
  }

  remove(consumerId: string): void {
    this.#consumers.get(consumerId)?.close();
    this.#consumers.delete(consumerId);
    this.#peers.dropTrack(consumerId);
  }

  setPaused(consumerId: string, paused: boolean): void {
    this.#peers.setPaused(consumerId, paused);
  }

  /** Drops everything that somebody sent. */
  removePeer(peerId: string): void {
    for (const [id, consumer] of this.#consumers) {
      if (consumer.appData['peerId'] === peerId) this.remove(id);
    }
  }

  /** After `resume`: the server's list is the truth. */
  async reconcile(wanted: readonly ConsumerOptions[]): Promise<void> {
    const { gone, added, kept } = reconcile(this.#consumers.keys(), wanted);
    for (const id of gone) this.remove(id);
    for (const options of kept) this.#show(options);
    // Whether the node ever heard that a track is ready is not known; hearing it again changes nothing.
    await Promise.all([this.addAll(added), ...kept.map(({ id }) => this.#start(id))]);
  }

  close(): void {
    for (const consumer of this.#consumers.values()) consumer.close();
    this.#consumers.clear();
  }

  async #add(options: ConsumerOptions): Promise<void> {
    if (this.#consumers.has(options.id)) return;
    const consumer = await this.#transport.consume({
      id: options.id,
      producerId: options.producerId,
      kind: options.kind,
      rtpParameters: options.rtpParameters,
      // One stream per person keeps lips and voice together; a screen runs on its own.
      streamId: options.source.startsWith('screen') ? `${options.peerId}-screen` : options.peerId,
      appData: { peerId: options.peerId, source: options.source },
    });
    this.#consumers.set(options.id, consumer);
    this.#show(options);
    await this.#start(options.id);
  }

  async #start(consumerId: string): Promise<void> {
    await this.#signalling.request('resumeConsumer', { consumerId });
  }

  #show({ id, peerId, source, producerPaused }: ConsumerOptions): void {
    this.#peers.setTrack(peerId, source, { consumerId: id, paused: producerPaused });
  }
}
