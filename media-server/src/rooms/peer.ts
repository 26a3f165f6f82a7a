import { EventEmitter } from 'node:events';
import {
  ProductError,
  type ConsumerOptions,
  type DtlsParameters,
  type Grants,
  type IceParameters,
  type JoinTokenClaims,
  type LeaveReason,
  type MediaEventName,
  type MediaEventPayload,
  type MediaRequestData,
  type MediaSource,
  type Peer as PeerInfo,
  type RtpCapabilities,
  type TransportOptions,
} from '@health-connect/contract';
import type { SfuRouter, SfuTransport } from '../sfu/sfu.ts';
import { Publications } from './publications.ts';
import { SessionSecret } from './session-secret.ts';
import { Subscriptions } from './subscriptions.ts';
import type { Track } from './track.ts';

/** Who a peer is: what its join token says. */
export type PeerIdentity = Pick<JoinTokenClaims, 'peerId' | 'participantId' | 'name' | 'party' | 'grants'>;

/** An event of the media protocol that is meant for one peer. */
export type PeerSignal = {
  [N in MediaEventName]: { readonly name: N; readonly payload: MediaEventPayload<N> };
}[MediaEventName];

export interface PeerEvents {
  /** Something to tell this peer's browser. Lost while it is unreachable: resuming gives the whole state. */
  signal: [PeerSignal];
  trackAdded: [Track];
  trackClosed: [Track];
  trackPaused: [Track];
  trackResumed: [Track];
  reachabilityChanged: [boolean];
  closed: [LeaveReason];
}

/** What a peer needs once its browser said what it can receive. */
interface MediaSide {
  readonly send: SfuTransport;
  readonly receive: SfuTransport;
  readonly subscriptions: Subscriptions;
}

/**
 * One place in a room: two transports, the tracks it sends and the consumers it receives.
 * joining -> joined -> closed; between `joined` and `closed` it may become unreachable for the resume window.
 */
export class Peer extends EventEmitter<PeerEvents> {
  readonly identity: PeerIdentity;
  readonly #resumeWindowMs: number;
  readonly #publications: Publications;
  readonly #connecting = new Set<string>();
  #media: MediaSide | undefined;
  #state: 'joining' | 'joined' | 'closed' = 'joining';
  #secret: SessionSecret | undefined;
  #reachable = true;
  #lostTimer: NodeJS.Timeout | undefined;

  private constructor(identity: PeerIdentity, resumeWindowMs: number) {
    super();
    this.identity = identity;
    this.#resumeWindowMs = resumeWindowMs;
    this.#publications = new Publications(identity.peerId, identity.grants);
    this.#publications.on('trackAdded', (track) => this.emit('trackAdded', track));
    this.#publications.on('trackClosed', (track) => this.emit('trackClosed', track));
    this.#publications.on('trackPaused', (track) => this.emit('trackPaused', track));
    this.#publications.on('trackResumed', (track) => this.emit('trackResumed', track));
  }

  static create(identity: PeerIdentity, resumeWindowMs: number): Peer {
    return new Peer(identity, resumeWindowMs);
  }

  get id(): string {
    return this.identity.peerId;
  }

  get grants(): Grants {
    return this.identity.grants;
  }

  get joined(): boolean {
    return this.#state === 'joined';
  }

  /** Whether it was ever in the room; stays true when it has left. */
  get hasJoined(): boolean {
    return this.#secret !== undefined;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Whether it can be given consumers: it has transports and is not closed. */
  get receives(): boolean {
    return this.#media !== undefined && this.grants.receive && !this.closed;
  }

  /** How others see it. */
  get info(): PeerInfo {
    const { peerId, name, party } = this.identity;
    return { id: peerId, name, party, reachable: this.#reachable };
  }

  get tracks(): readonly Track[] {
    return this.#publications.tracks;
  }

  get consumers(): readonly ConsumerOptions[] {
    return this.#media?.subscriptions.options ?? [];
  }

  /** What it holds in the engine. */
  get counts(): { transports: number; producers: number; consumers: number } {
    return {
      transports: this.#media === undefined ? 0 : 2,
      producers: this.#publications.size,
      consumers: this.#media?.subscriptions.size ?? 0,
    };
  }

  /**
   * Makes both transports at once. Throws `already_joined` when that was asked before, `media_rejected` when the
   * capabilities make no sense, `session_unknown` when the peer was closed meanwhile.
   */
  async open(router: SfuRouter, rtpCapabilities: RtpCapabilities): Promise<void> {
    if (this.#media !== undefined) throw new ProductError('already_joined');
    router.checkCapabilities(rtpCapabilities);
    const made = await Promise.allSettled([router.createTransport(), router.createTransport()]);
    const [send, receive] = made;
    if (send.status === 'fulfilled' && receive.status === 'fulfilled' && !this.closed) {
      const subscriptions = new Subscriptions({ router, transport: receive.value, rtpCapabilities });
      this.#media = { send: send.value, receive: receive.value, subscriptions };
      return;
    }
    for (const result of made) if (result.status === 'fulfilled') result.value.close();
    const failure = made.find((result) => result.status === 'rejected');
    throw failure?.reason instanceof ProductError ? failure.reason : new ProductError('session_unknown');
  }

  /** From now on it is told what happens. Returns what its browser needs to go on. */
  markJoined(): { sessionSecret: string; sendTransport: TransportOptions; receiveTransport: TransportOptions } {
    const { send, receive } = this.#requireMedia();
    this.#state = 'joined';
    const { secret, value } = SessionSecret.create();
    this.#secret = secret;
    return { sessionSecret: value, sendTransport: send.options, receiveTransport: receive.options };
  }

  /** Whether this is the secret that the peer was given when it joined; compared in constant time. */
  knowsSecret(candidate: string): boolean {
    return this.joined && this.#secret?.matches(candidate) === true;
  }

  /** The signalling connection was lost: the place is kept for the resume window. Before joining, nothing is kept. */
  detach(): void {
    if (this.#state === 'joining') this.close('lost');
    if (this.#state === 'closed' || !this.#reachable) return;
    this.#reachable = false;
    this.#lostTimer = setTimeout(() => this.close('lost'), this.#resumeWindowMs);
    this.emit('reachabilityChanged', false);
  }

  /** The peer is back. */
  reattach(): void {
    if (!this.joined || this.#reachable) return;
    clearTimeout(this.#lostTimer);
    this.#reachable = true;
    this.emit('reachabilityChanged', true);
  }

  /** Throws `transport_not_found`, `transport_state` (connected before) or `media_rejected`. */
  async connectTransport(transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    const transport = this.#requireTransport(transportId);
    if (this.#connecting.has(transportId)) throw new ProductError('transport_state');
    this.#connecting.add(transportId);
    try {
      await transport.connect(dtlsParameters);
    } catch (error) {
      this.#connecting.delete(transportId);
      throw error;
    }
  }

  /** Throws `transport_not_found`. */
  async restartIce(transportId: string): Promise<IceParameters> {
    return this.#requireTransport(transportId).restartIce();
  }

  /** See `Publications.produce` for what it refuses. */
  async produce(request: MediaRequestData<'produce'>): Promise<Track> {
    return this.#publications.produce(this.#requireMedia().send, request);
  }

  async pauseProducer(producerId: string): Promise<void> {
    await this.#publications.pause(producerId);
  }

  async resumeProducer(producerId: string): Promise<void> {
    await this.#publications.resume(producerId);
  }

  closeProducer(producerId: string): void {
    this.#publications.closeTrack(producerId);
  }

  /** A moderator's mute: pauses what is sent from these sources and tells the peer. */
  async mute(sources: readonly MediaSource[]): Promise<void> {
    for (const source of sources) {
      // Looked up one by one: while one is being paused, another may be closed by its owner.
      const track = this.tracks.find((candidate) => candidate.source === source);
      if (track === undefined || track.paused) continue;
      await this.#publications.pause(track.id);
      this.signal({ name: 'producerPaused', payload: { producerId: track.id } });
    }
  }

  async resumeConsumer(consumerId: string): Promise<void> {
    await this.#requireMedia().subscriptions.resume(consumerId);
  }

  async pauseConsumer(consumerId: string): Promise<void> {
    await this.#requireMedia().subscriptions.pause(consumerId);
  }

  async setView(tiles: readonly { consumerId: string; widthPx: number }[]): Promise<void> {
    await this.#requireMedia().subscriptions.setView(tiles);
  }

  /** Called by the room: somebody's track can be received. Tells the browser, unless its join still runs. */
  async subscribe(track: Track): Promise<void> {
    const consumer = await this.#media?.subscriptions.add(track);
    if (consumer !== undefined) this.signal({ name: 'consumerAdded', payload: { consumer } });
  }

  /** Called by the room: somebody's track has ended. */
  unsubscribe(trackId: string): void {
    const consumerId = this.#media?.subscriptions.remove(trackId);
    if (consumerId !== undefined) this.signal({ name: 'consumerClosed', payload: { consumerId } });
  }

  /** Called by the room: somebody paused or resumed a track. */
  updateSubscription(track: Track): void {
    const consumerId = this.#media?.subscriptions.update(track);
    if (consumerId === undefined) return;
    this.signal({ name: track.paused ? 'consumerPaused' : 'consumerResumed', payload: { consumerId } });
  }

  /** Tells the browser something, once it has joined. */
  signal(signal: PeerSignal): void {
    if (this.joined) this.emit('signal', signal);
  }

  /** Closes everything of the peer; its tracks end for the others first. */
  close(reason: LeaveReason): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#lostTimer);
    this.#publications.close();
    this.#media?.subscriptions.close();
    this.#media?.send.close();
    this.#media?.receive.close();
    this.#media = undefined;
    this.emit('closed', reason);
    this.removeAllListeners();
  }

  #requireMedia(): MediaSide {
    if (this.#media === undefined) throw new ProductError('not_joined');
    return this.#media;
  }

  #requireTransport(id: string): SfuTransport {
    const { send, receive } = this.#requireMedia();
    const transport = [send, receive].find((candidate) => candidate.options.id === id);
    if (transport === undefined) throw new ProductError('transport_not_found');
    return transport;
  }
}
