import { randomUUID, type KeyObject } from 'node:crypto';
import { ProductError, type JoinGrant, type Party } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { requireOpenDoor } from '../appointments/door.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { MediaNodeRegistry } from '../media-nodes/media-node.registry.ts';
import type { MediaNode } from '../media-nodes/media-node.repository.ts';
import { partyOf, requireCan } from '../policy/policy.ts';
import type { CallPlaceService } from './call-place.service.ts';
import { iceServersFor, type Relay } from './ice-servers.ts';
import { signJoinToken } from './join-token.ts';
import type { Room, RoomRepository } from './room.repository.ts';

interface Parts {
  readonly appointments: AppointmentRepository;
  readonly rooms: RoomRepository;
  readonly places: Pick<CallPlaceService, 'take'>;
  readonly nodes: MediaNodeRegistry;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly joinEarlyMinutes: number;
  readonly mediaPublicUrl: string;
  readonly privateKey: KeyObject;
  readonly relay: Relay | undefined;
}

/** Whether the process in which the room was opened is the one that lives. */
function livesOn(room: Room, node: MediaNode): boolean {
  if (room.node.id !== node.id) return false;
  const [opened, living] = [room.node.startedAt, node.startedAt];
  return opened === null || living === null || opened.getTime() === living.getTime();
}

/** The way into a call. */
export class ConsultationService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ConsultationService {
    return new ConsultationService(parts);
  }

  /**
   * A place in the call, for the doctor, the patient and added colleagues while the door is open.
   * @throws ProductError `not_found`, `forbidden`, `consultation_early`, `consultation_closed`, `media_unavailable`,
   * `draining`; `unauthenticated` when the session ends meanwhile
   */
  async join(actor: Actor, consultationId: string): Promise<JoinGrant> {
    await this.#requireMayEnter(actor, consultationId);
    const { nodes, clock, mediaPublicUrl, privateKey, relay } = this.#parts;
    const node = await nodes.require();
    await this.#settle(consultationId, node);
    await this.#takePlace(actor, consultationId);
    // Asked again now that the room has its home: a change in between finds the room and orders people out of it.
    const { party, patientId } = await this.#requireMayEnter(actor, consultationId);
    const entry = { action: 'admit', resource: 'consultation', resourceId: consultationId, patientId } as const;
    await this.#parts.audit.record(actor, { ...entry, detail: party });
    const peerId = randomUUID();
    const place = {
      room: consultationId,
      peerId,
      participantId: actor.accountId,
      name: actor.name,
      party,
      node: node.id,
    };
    return {
      peerId,
      url: mediaPublicUrl,
      token: signJoinToken(place, privateKey, clock.now()),
      protocolVersion: node.protocolVersion,
      iceServers: iceServersFor(peerId, relay, clock.now()),
      routerRtpCapabilities: node.routerRtpCapabilities,
    };
  }

  /** The place belongs to the session that asked for it: it ends with it. */
  async #takePlace({ accountId, sessionId }: Actor, room: string): Promise<void> {
    if (!(await this.#parts.places.take({ room, accountId, sessionId }))) throw new ProductError('unauthenticated');
  }

  async #requireMayEnter(actor: Actor, consultationId: string): Promise<{ party: Party; patientId: string }> {
    const { appointments, joinEarlyMinutes, clock } = this.#parts;
    const appointment = await appointments.byId(consultationId);
    if (appointment === undefined) throw new ProductError('not_found');
    requireCan(actor, 'consultation.join', appointment);
    requireOpenDoor(appointment, joinEarlyMinutes, clock.now());
    const party = partyOf(appointment, actor.accountId);
    if (party === undefined) throw new ProductError('forbidden');
    return { party, patientId: appointment.patientId };
  }

  /** Gives the room its home on the living node. A draining node keeps the calls it has and takes no new ones. */
  async #settle(consultationId: string, node: MediaNode): Promise<void> {
    const { rooms } = this.#parts;
    const known = await rooms.byId(consultationId);
    const running = known !== undefined && livesOn(known, node) && known.people.length > 0;
    if (node.draining && !running) throw new ProductError('draining');
    const claimed = known ?? (await rooms.claim(consultationId, node));
    const settled = livesOn(claimed, node) ? claimed : await rooms.rehome(claimed, node);
    // Another request moved it to another node meanwhile: that one lives now, ask again.
    if (!livesOn(settled, node)) throw new ProductError('media_unavailable');
  }
}
