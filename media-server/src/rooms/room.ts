import { EventEmitter } from 'node:events';
import {
  ProductError,
  type LeaveReason,
  type MediaRequestResponse,
  type MediaSource,
  type RtpCapabilities,
} from '@health-connect/contract';
import type { Logger } from 'pino';
import type { SfuRouter } from '../sfu/sfu.ts';
import { Peer, type PeerIdentity, type PeerSignal } from './peer.ts';
import type { Track } from './track.ts';

/** Most people in one room, observers included (contract: `roomStateSchema`). */
export const MAX_PEERS = 16;

export interface RoomEvents {
  peerJoined: [PeerIdentity];
  /** Only for peers that had joined. */
  peerLeft: [PeerIdentity, LeaveReason];
  /** Nobody is left, or the room was closed; its router is closed. */
  closed: [];
}

/** What a room holds in the engine. */
export interface RoomCounts {
  readonly peers: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
}

/**
 * One call. Owns its router and its peers, and carries what one peer does to the others.
 *
 * Races, and who decides them:
 * - A track ends while a consumer for it is being made: `Subscriptions` drops the consumer, nobody hears of it.
 * - A track begins while a peer is joining: that peer gets its consumer in the answer to `join` if it is ready by then,
 *   and else as `consumerAdded`.
 * - A peer leaves, is replaced or loses its connection while it joins: it is closed at once, what is made for it
 *   afterwards is closed on arrival, and `join` fails with `session_unknown`.
 * - The worker dies: every peer is closed with `failed` before anything else can be asked of the router.
 */
export class Room extends EventEmitter<RoomEvents> {
  readonly id: string;
  readonly #router: SfuRouter;
  readonly #resumeWindowMs: number;
  readonly #log: Logger;
  readonly #peers = new Map<string, Peer>();
  #closed = false;

  private constructor(options: { id: string; router: SfuRouter; resumeWindowMs: number; log: Logger }) {
    super();
    this.id = options.id;
    this.#router = options.router;
    this.#resumeWindowMs = options.resumeWindowMs;
    this.#log = options.log.child({ room: options.id });
    this.#router.onLost(() => this.close('failed'));
  }

  static create(options: { id: string; router: SfuRouter; resumeWindowMs: number; log: Logger }): Room {
    return new Room(options);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get counts(): RoomCounts {
    const sum = { peers: this.#peers.size, transports: 0, producers: 0, consumers: 0 };
    for (const peer of this.#peers.values()) {
      sum.transports += peer.counts.transports;
      sum.producers += peer.counts.producers;
      sum.consumers += peer.counts.consumers;
    }
    return sum;
  }

  peer(peerId: string): Peer | undefined {
    return this.#peers.get(peerId);
  }

  peersOf(participantId: string): Peer[] {
    return [...this.#peers.values()].filter((peer) => peer.identity.participantId === participantId);
  }

  /**
   * Gives somebody a place. Whoever held a place for the same participant loses it: `replaced`.
   * Throws `consultation_full`, or `session_unknown` when the room has closed.
   */
  admit(identity: PeerIdentity): Peer {
    if (this.#closed) throw new ProductError('session_unknown');
    const former = this.peersOf(identity.participantId);
    if (this.#peers.has(identity.peerId)) throw new ProductError('token_invalid');
    if (this.#peers.size - former.length >= MAX_PEERS) throw new ProductError('consultation_full');
    const peer = Peer.create(identity, this.#resumeWindowMs);
    // Before the former one goes: else the room would be empty for a moment, and close.
    this.#peers.set(peer.id, peer);
    this.#listen(peer);
    for (const replaced of former) replaced.close('replaced');
    return peer;
  }

  /** Lets an admitted peer in: transports, then a paused consumer for every track, all in parallel, in one answer. */
  async join(peer: Peer, rtpCapabilities: RtpCapabilities): Promise<MediaRequestResponse<'join'>> {
    await peer.open(this.#router, rtpCapabilities);
    await Promise.all(this.#tracksFor(peer).map((track) => this.#subscribe(peer, track)));
    if (peer.closed) throw new ProductError('session_unknown');
    const entrance = peer.markJoined();
    this.#tellOthers(peer, { name: 'peerJoined', payload: { peer: peer.info } });
    this.emit('peerJoined', peer.identity);
    return { ...entrance, ...this.#stateFor(peer) };
  }

  /** The peer is back after its connection was lost: the whole present state. */
  resume(peer: Peer): MediaRequestResponse<'resume'> {
    if (!peer.joined) throw new ProductError('session_unknown');
    peer.reattach();
    const producers = peer.tracks.map(({ id, source, paused }) => ({ id, source, paused }));
    return { ...this.#stateFor(peer), producers };
  }

  async mute(participantId: string, sources: readonly MediaSource[]): Promise<void> {
    await Promise.all(this.peersOf(participantId).map((peer) => peer.mute(sources)));
  }

  removeParticipant(participantId: string): void {
    for (const peer of this.peersOf(participantId)) peer.close('removed');
  }

  /** Ends the call for everyone. */
  close(reason: LeaveReason): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const peer of [...this.#peers.values()]) peer.close(reason);
    this.#router.close();
    this.emit('closed');
    this.removeAllListeners();
  }

  /** An empty room closes at once. Called when a place that was asked for was not taken. */
  closeIfEmpty(): void {
    if (this.#peers.size === 0) this.close('left');
  }

  #stateFor(peer: Peer): Pick<MediaRequestResponse<'resume'>, 'peers' | 'consumers'> {
    const peers = this.#othersOf(peer)
      .filter((other) => other.joined)
      .map((other) => other.info);
    return { peers, consumers: [...peer.consumers] };
  }

  #othersOf(peer: Peer): Peer[] {
    return [...this.#peers.values()].filter((other) => other !== peer);
  }

  #tracksFor(peer: Peer): Track[] {
    return peer.receives ? this.#othersOf(peer).flatMap((other) => other.tracks) : [];
  }

  #tellOthers(peer: Peer, signal: PeerSignal): void {
    for (const other of this.#othersOf(peer)) other.signal(signal);
  }

  #listen(peer: Peer): void {
    peer.on('trackAdded', (track) => this.#offer(peer, track));
    peer.on('trackClosed', (track) => this.#othersOf(peer).forEach((other) => other.unsubscribe(track.id)));
    peer.on('trackPaused', (track) => this.#othersOf(peer).forEach((other) => other.updateSubscription(track)));
    peer.on('trackResumed', (track) => this.#othersOf(peer).forEach((other) => other.updateSubscription(track)));
    peer.on('reachabilityChanged', (reachable) =>
      this.#tellOthers(peer, { name: 'peerReachabilityChanged', payload: { peerId: peer.id, reachable } }),
    );
    peer.on('closed', (reason) => this.#onPeerClosed(peer, reason));
  }

  #offer(from: Peer, track: Track): void {
    for (const other of this.#othersOf(from)) {
      if (other.receives) void this.#subscribe(other, track);
    }
  }

  /** One consumer that cannot be made must not cost the peer its call: it is logged and left out. */
  async #subscribe(peer: Peer, track: Track): Promise<void> {
    try {
      await peer.subscribe(track);
    } catch (error) {
      if (peer.closed || this.#closed) return;
      this.#log.warn({ err: error, peerId: peer.id, producerId: track.id }, 'a track could not be offered');
    }
  }

  #onPeerClosed(peer: Peer, reason: LeaveReason): void {
    this.#peers.delete(peer.id);
    if (peer.hasJoined) {
      this.#tellOthers(peer, { name: 'peerLeft', payload: { peerId: peer.id, reason } });
      this.emit('peerLeft', peer.identity, reason);
    }
    this.closeIfEmpty();
  }
}
