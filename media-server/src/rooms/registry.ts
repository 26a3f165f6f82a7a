import { EventEmitter } from 'node:events';
import { ProductError, type LeaveReason, type MediaSource } from '@health-connect/contract';
import type { Logger } from 'pino';
import type { Sfu } from '../sfu/sfu.ts';
import type { Peer, PeerIdentity } from './peer.ts';
import { Room, type RoomCounts } from './room.ts';

export interface RegistryEvents {
  peerJoined: [string, PeerIdentity];
  peerLeft: [string, PeerIdentity, LeaveReason];
  /** The last peer has left, or the room was closed. */
  roomEmptied: [string];
}

/** A place in a room. */
export interface Seat {
  readonly room: Room;
  readonly peer: Peer;
}

/**
 * Every room of this node. A room is made by the first peer that comes and closes with the last one that goes.
 * Peers that come at the same time wait for the same room: one router per room, never two.
 */
export class RoomRegistry extends EventEmitter<RegistryEvents> {
  readonly #sfu: Sfu;
  readonly #log: Logger;
  readonly #resumeWindowMs: number;
  readonly #rooms = new Map<string, Room>();
  readonly #creating = new Map<string, Promise<Room>>();
  #draining = false;
  #closed = false;

  private constructor(options: { sfu: Sfu; log: Logger; resumeWindowMs: number }) {
    super();
    this.#sfu = options.sfu;
    this.#log = options.log;
    this.#resumeWindowMs = options.resumeWindowMs;
  }

  static create(options: { sfu: Sfu; log: Logger; resumeWindowMs: number }): RoomRegistry {
    return new RoomRegistry(options);
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** What this node holds, by its own books. */
  get counts(): RoomCounts & { rooms: number } {
    const total = { rooms: this.#rooms.size, peers: 0, transports: 0, producers: 0, consumers: 0 };
    for (const { counts } of this.#rooms.values()) {
      total.peers += counts.peers;
      total.transports += counts.transports;
      total.producers += counts.producers;
      total.consumers += counts.consumers;
    }
    return total;
  }

  /**
   * Gives somebody a place in a room, which is made when it does not exist. Throws `draining` when it would have to be
   * made while the node takes no new rooms, `consultation_full`, or `media_unavailable` when no worker lives.
   */
  async admit(roomId: string, identity: PeerIdentity): Promise<Seat> {
    for (;;) {
      // Nothing is awaited between finding a room and taking the place, so the room cannot close in between.
      const room = this.#rooms.get(roomId);
      if (room !== undefined) return seatIn(room, identity);
      if (this.#draining) throw new ProductError('draining');
      await this.#create(roomId);
    }
  }

  /** The place of a peer that is still kept. */
  find(peerId: string): Seat | undefined {
    for (const room of this.#rooms.values()) {
      const peer = room.peer(peerId);
      if (peer !== undefined) return { room, peer };
    }
    return undefined;
  }

  /** Ends a call, one that is just being made included. */
  async closeRoom(roomId: string): Promise<void> {
    await this.#creating.get(roomId)?.catch(() => undefined);
    this.#rooms.get(roomId)?.close('room-closed');
  }

  removeParticipant(roomId: string, participantId: string): void {
    this.#rooms.get(roomId)?.removeParticipant(participantId);
  }

  async mute(roomId: string, participantId: string, sources: readonly MediaSource[]): Promise<void> {
    await this.#rooms.get(roomId)?.mute(participantId, sources);
  }

  /** From now on no room is made; those that are there go on. */
  drain(): void {
    this.#draining = true;
  }

  /** Resolves when no room is left, or after the time limit. */
  async whenEmpty(timeoutMs: number): Promise<void> {
    if (this.#rooms.size === 0) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(limit);
        this.off('roomEmptied', check);
        resolve();
      };
      const check = (): void => {
        if (this.#rooms.size === 0) done();
      };
      const limit = setTimeout(done, timeoutMs);
      this.on('roomEmptied', check);
    });
  }

  /** Closes every room. Peers are told `failed`, so that they ask for a new place elsewhere. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#draining = true;
    for (const room of [...this.#rooms.values()]) room.close('failed');
  }

  #create(roomId: string): Promise<Room> {
    const running = this.#creating.get(roomId);
    if (running !== undefined) return running;
    const creating = this.#make(roomId).finally(() => this.#creating.delete(roomId));
    this.#creating.set(roomId, creating);
    return creating;
  }

  async #make(roomId: string): Promise<Room> {
    const router = await this.#sfu.createRouter(roomId);
    if (this.#closed) {
      router.close();
      throw new ProductError('draining');
    }
    const room = Room.create({ id: roomId, router, resumeWindowMs: this.#resumeWindowMs, log: this.#log });
    this.#rooms.set(roomId, room);
    room.on('peerJoined', (identity) => this.emit('peerJoined', roomId, identity));
    room.on('peerLeft', (identity, reason) => this.emit('peerLeft', roomId, identity, reason));
    room.on('closed', () => this.#onRoomClosed(roomId, room));
    this.#log.info({ room: roomId }, 'room made');
    return room;
  }

  #onRoomClosed(roomId: string, room: Room): void {
    if (this.#rooms.get(roomId) !== room) return;
    this.#rooms.delete(roomId);
    this.#log.info({ room: roomId }, 'room closed');
    this.emit('roomEmptied', roomId);
  }
}

/** A room whose first guest is refused must not stay behind empty. */
function seatIn(room: Room, identity: PeerIdentity): Seat {
  try {
    return { room, peer: room.admit(identity) };
  } catch (error) {
    room.closeIfEmpty();
    throw error;
  }
}
