import { ProductError, type MediaSource } from '@health-connect/contract';
import { Emitter, type Unsubscribe } from '../emitter.ts';
import type { CallEvents, CallSnapshot } from './call-snapshot.ts';
import { END_OF_LEAVE, endOfRefusal, go, type CallPhase, type EndReason } from './call-state.ts';
import { Entrance, type EntranceOptions } from './entrance.ts';
import type { LocalMedia } from './local-media.ts';
import { NO_TROUBLE, Recovery, type Trouble } from './recovery.ts';
import { RemotePeers } from './remote-peers.ts';
import type { RoomConnection } from './room-connection.ts';
import { SerialQueue } from './serial-queue.ts';
import type { MediaSignalling } from './signalling/media-signalling.ts';
import { TileWidths } from './tile-widths.ts';

interface CallSessionOptions extends EntranceOptions {
  /** Owned by the session from here on: it is closed with it. */
  readonly local: LocalMedia;
}

/** One stay in a consultation's call, from preparing to the end. Made anew for the next stay. */
export class CallSession {
  readonly #local: LocalMedia;
  readonly #events = new Emitter<CallEvents>();
  readonly #peers = RemotePeers.create();
  readonly #entrance: Entrance;
  readonly #recovery: Recovery;
  readonly #widths: TileWidths;
  #phase: CallPhase = 'idle';
  #endReason: EndReason | undefined;
  #joinedAtMs: number | undefined;
  #connection: RoomConnection | undefined;
  /** Work on tracks runs in the order in which the node told of it. */
  readonly #work = SerialQueue.create();

  private constructor(options: CallSessionOptions) {
    this.#local = options.local;
    this.#entrance = Entrance.create(options, this.#peers);
    this.#recovery = Recovery.create({
      restartIce: (direction) => this.#connected().restartIce(direction),
      rejoin: () => this.#rejoin(),
    });
    this.#widths = TileWidths.create(
      () => this.#peers.list(),
      async (tiles) => {
        await this.#connected().signalling.request('setView', { tiles });
      },
    );
    this.#recovery.on('changed', (trouble) => this.#onTrouble(trouble));
    options.local.on('changed', () => this.#syncLocal());
    addEventListener('online', this.#onOnline);
    addEventListener('pagehide', this.#onPageHide);
  }

  static create(options: CallSessionOptions): CallSession {
    return new CallSession(options);
  }

  on<N extends keyof CallEvents>(name: N, listener: (payload: CallEvents[N]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  get snapshot(): CallSnapshot {
    const trouble = this.#phase === 'reconnecting' ? this.#recovery.trouble : NO_TROUBLE;
    return {
      phase: this.#phase,
      endReason: this.#endReason,
      joinedAtMs: this.#joinedAtMs,
      peers: this.#peers.list(),
      trouble,
    };
  }

  /** The track of a consumer, for the element that plays it. */
  track(consumerId: string): MediaStreamTrack | undefined {
    return this.#connection?.subscriber.consumer(consumerId)?.track;
  }

  /** The person is getting ready. */
  prepare(): void {
    this.#go('preparing');
  }

  /** Enters the call. Throws what refused it, and is then ready for another attempt. */
  async join(): Promise<void> {
    this.#go('joining');
    try {
      await this.#enter();
    } catch (error) {
      if (this.#isOver()) return;
      this.#dropConnection();
      this.#go('preparing');
      throw error;
    }
    if (this.#isOver()) return;
    this.#joinedAtMs = Date.now();
    this.#go('connected');
  }

  /** Leaves for good. The person sees the end at once; the node is told in the background. */
  leave(): void {
    this.#end('left');
  }

  /** The person pressed "Try again" after we gave up. */
  retry(): void {
    this.#recovery.retry();
  }

  /** How wide a video is shown, in device pixels; 0 when it is not. */
  setTileWidth(peerId: string, source: MediaSource, widthPx: number): void {
    if (!this.#isOver()) this.#widths.set(peerId, source, widthPx);
  }

  /** Ends everything; safe to call again. */
  close(): void {
    this.#end('left');
    this.#events.clear();
  }

  /** False when this attempt no longer counts. */
  async #enter(): Promise<boolean> {
    const entered = await this.#entrance.enter((signalling) => this.#listen(signalling));
    if (entered === undefined) return false;
    const { connection, answer } = entered;
    this.#connection = connection;
    connection.on('transportState', ({ direction, state }) => this.#recovery.transportState(direction, state));
    this.#peers.replaceAll(answer.peers);
    this.#widths.forgetSent();
    this.#enqueue(() => connection.subscriber.addAll(answer.consumers));
    this.#syncLocal();
    this.#changed();
    return true;
  }

  async #rejoin(): Promise<'joined' | 'over'> {
    this.#dropConnection();
    this.#changed();
    try {
      return (await this.#enter()) ? 'joined' : 'over';
    } catch (error) {
      const end = endOfRefusal(error);
      if (end === undefined) throw error;
      this.#end(end);
      return 'over';
    }
  }

  #listen(signalling: MediaSignalling): void {
    const isCurrent = (): boolean => this.#connection?.signalling === signalling;
    signalling.on('peerJoined', ({ peer }) => {
      const known = this.#peers.get(peer.id) !== undefined;
      this.#peers.add(peer);
      this.#changed();
      if (!known) this.#events.emit('peerJoined', { ...peer, tracks: {} });
    });
    signalling.on('peerLeft', ({ peerId }) => this.#onPeerLeft(peerId));
    signalling.on('peerReachabilityChanged', ({ peerId, reachable }) => {
      this.#peers.setReachable(peerId, reachable);
      this.#changed();
    });
    signalling.on('consumerAdded', ({ consumer }) => this.#enqueue(() => this.#subscriber().addAll([consumer])));
    signalling.on('consumerClosed', ({ consumerId }) => this.#enqueue(() => this.#subscriber().remove(consumerId)));
    signalling.on('consumerPaused', ({ consumerId }) =>
      this.#enqueue(() => this.#subscriber().setPaused(consumerId, true)),
    );
    signalling.on('consumerResumed', ({ consumerId }) =>
      this.#enqueue(() => this.#subscriber().setPaused(consumerId, false)),
    );
    signalling.on('producerPaused', ({ producerId }) => this.#onMuted(producerId));
    signalling.on('removed', ({ reason }) => {
      const end = END_OF_LEAVE[reason];
      if (end !== 'rejoin' && (isCurrent() || this.#entrance.uses(signalling))) this.#end(end);
      // While entering the attempt fails by itself: the node closes the socket.
      else if (end === 'rejoin' && isCurrent()) this.#recovery.signallingLost(true);
    });
    signalling.on('lost', ({ final }) => {
      if (isCurrent()) this.#recovery.signallingLost(final);
    });
    signalling.on('connected', () => {
      if (this.#connection?.signalling === signalling) void this.#resume(this.#connection);
    });
  }

  /** The socket is back: the place is taken again, and what was missed meanwhile is made up for. */
  async #resume(connection: RoomConnection): Promise<void> {
    try {
      const state = await connection.signalling.request('resume', {});
      if (this.#connection !== connection) return;
      this.#dropMissing(state.peers.map(({ id }) => id));
      this.#peers.replaceAll(state.peers);
      this.#enqueue(() => connection.subscriber.reconcile(state.consumers));
      for (const id of connection.publisher.missedPauses(state.producers)) this.#onMuted(id);
      this.#enqueue(() => connection.publisher.reconcile(state.producers));
      this.#widths.forgetSent();
      this.#recovery.signallingBack();
      this.#changed();
    } catch {
      if (this.#connection === connection) this.#recovery.signallingLost(true);
    }
  }

  #dropMissing(present: readonly string[]): void {
    for (const { id } of this.#peers.list()) if (!present.includes(id)) this.#onPeerLeft(id);
  }

  #onPeerLeft(peerId: string): void {
    this.#connection?.subscriber.removePeer(peerId);
    const peer = this.#peers.remove(peerId);
    this.#changed();
    if (peer !== undefined) this.#events.emit('peerLeft', peer);
  }

  #onMuted(producerId: string): void {
    const kind = this.#connection?.publisher.markPaused(producerId);
    if (kind === undefined) return;
    void (kind === 'microphone' ? this.#local.setMicrophone(false) : this.#local.setCamera(false));
    this.#events.emit('muted', { kind });
  }

  #syncLocal(): void {
    const publisher = this.#connection?.publisher;
    if (publisher === undefined || this.#isOver()) return;
    for (const kind of ['microphone', 'camera'] as const) {
      publisher.sync(kind, { track: this.#local.track(kind), on: this.#local.isOn(kind) }).catch((error: unknown) => {
        // Without a connection the next stay sends it; a refusal is told to the person.
        const refused =
          error instanceof ProductError && error.code !== 'timeout' && error.code !== 'producer_not_found';
        if (refused && publisher === this.#connection?.publisher) this.#events.emit('publishFailed', { kind });
      });
    }
  }

  #onTrouble(trouble: Trouble): void {
    if (this.#phase === 'connected' && trouble.kind !== 'none') this.#phase = go(this.#phase, 'reconnecting');
    else if (this.#phase === 'reconnecting' && trouble.kind === 'none') this.#phase = go(this.#phase, 'connected');
    this.#changed();
  }

  readonly #onOnline = (): void => {
    if (this.#phase === 'reconnecting') this.#connection?.signalling.reconnect();
  };

  readonly #onPageHide = (): void => this.#end('page-gone');

  /** Runs work on tracks after the work before it. What fails belongs to a track or a connection that is gone. */
  #enqueue(task: () => void | Promise<void>): void {
    const connection = this.#connection;
    void this.#work
      .run(() => (connection === this.#connection && !this.#isOver() ? task() : undefined))
      .catch(() => undefined)
      .then(() => {
        this.#widths.schedule();
        this.#changed();
      });
  }

  #end(reason: EndReason): void {
    if (this.#isOver()) return;
    removeEventListener('online', this.#onOnline);
    removeEventListener('pagehide', this.#onPageHide);
    this.#endReason = reason;
    this.#entrance.close();
    this.#recovery.close();
    this.#widths.close();
    this.#go('ended');
    if (reason === 'left' || reason === 'page-gone') void this.#connection?.leave();
    else this.#connection?.close();
    this.#local.close();
    this.#peers.clear();
  }

  #dropConnection(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#peers.dropAllTracks();
  }

  #connected(): RoomConnection {
    if (this.#connection === undefined) throw new ProductError('not_joined');
    return this.#connection;
  }

  #subscriber(): RoomConnection['subscriber'] {
    return this.#connected().subscriber;
  }

  #isOver(): boolean {
    return this.#phase === 'ended';
  }

  #go(phase: CallPhase): void {
    this.#phase = go(this.#phase, phase);
    this.#changed();
  }

  #changed(): void {
    this.#events.emit('changed', this.snapshot);
  }
}
