import { randomUUID } from 'node:crypto';
import {
  MEDIA_SOURCES,
  type LeaveReason,
  type MediaRequestData,
  type MediaRequestResponse,
  type MediaSource,
} from '@health-connect/contract';
import { pino } from 'pino';
import type { Peer, PeerIdentity, PeerSignal } from '../rooms/peer.ts';
import { RoomRegistry, type Seat } from '../rooms/registry.ts';
import { FakeSfu, type FakeConsumer } from './fake-sfu.ts';
import { documentId } from './join-tokens.ts';
import { opusParameters, vp8SimulcastParameters } from './rtp.ts';

export const RESUME_WINDOW_MS = 12_000;

/** Everything that a peer is told. */
export interface Heard {
  readonly signals: PeerSignal[];
  readonly ended: LeaveReason[];
}

/** Somebody in a room, with what was heard there. */
export interface Guest extends Seat {
  readonly heard: Heard;
  readonly state: MediaRequestResponse<'join'>;
}

/** A new person, with what a test wants otherwise. */
export function identity(changes: Partial<PeerIdentity> = {}): PeerIdentity {
  return {
    peerId: randomUUID(),
    participantId: documentId(),
    name: 'Somebody',
    party: 'patient',
    grants: { publish: [...MEDIA_SOURCES], receive: true, moderate: false },
    ...changes,
  };
}

export function video(source: MediaSource = 'camera', paused = false): MediaRequestData<'produce'> {
  return { kind: 'video', source, rtpParameters: vp8SimulcastParameters(), paused };
}

export function audio(source: MediaSource = 'microphone', paused = false): MediaRequestData<'produce'> {
  return { kind: 'audio', source, rtpParameters: opusParameters(), paused };
}

export function listen(peer: Peer): Heard {
  const heard: Heard = { signals: [], ended: [] };
  peer.on('signal', (signal) => heard.signals.push(signal));
  peer.on('closed', (reason) => heard.ended.push(reason));
  return heard;
}

export function namesOf(heard: Heard): string[] {
  return heard.signals.map((signal) => signal.name);
}

/** Rooms over an engine in memory. */
export class RoomBench {
  readonly roomId = documentId();
  readonly sfu = new FakeSfu();
  readonly registry = RoomRegistry.create({
    sfu: this.sfu,
    log: pino({ level: 'silent' }),
    resumeWindowMs: RESUME_WINDOW_MS,
  });

  /** Consumers of the first room, in the order in which they were made. */
  get consumers(): FakeConsumer[] {
    return this.sfu.routers.slice(0, 1).flatMap((router) => router.transports.flatMap((one) => one.consumers));
  }

  async admit(changes: Partial<PeerIdentity> = {}): Promise<Seat> {
    return this.registry.admit(this.roomId, identity(changes));
  }

  async join(changes: Partial<PeerIdentity> = {}): Promise<Guest> {
    const seat = await this.admit(changes);
    const heard = listen(seat.peer);
    const state = await seat.room.join(seat.peer, this.sfu.rtpCapabilities);
    return { ...seat, heard, state };
  }

  /** Closes everything; what is left open in the engine afterwards is a leak. */
  close(): { leftOpen: number; openRouters: number } {
    this.registry.close();
    return {
      leftOpen: this.sfu.leftOpen,
      openRouters: this.sfu.routers.filter((router) => !router.closed).length,
    };
  }
}
