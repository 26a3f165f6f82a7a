import { ProductError, type CallPresence } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { MediaNodeRegistry } from '../media-nodes/media-node.registry.ts';
import { requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { Person, RoomRepository } from './room.repository.ts';

interface Parts {
  readonly appointments: AppointmentRepository;
  readonly rooms: RoomRepository;
  readonly nodes: MediaNodeRegistry;
  readonly events: EventPublisher;
  readonly audit: Audit;
}

/** Who is in the call of a consultation. */
export class PresenceService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): PresenceService {
    return new PresenceService(parts);
  }

  /** @returns whose consultation it is. @throws ProductError `not_found`, `forbidden` for everybody but its parties */
  async requireParty(actor: Actor, consultationId: string): Promise<{ patientId: string }> {
    const appointment = await this.#parts.appointments.byId(consultationId);
    if (appointment === undefined) throw new ProductError('not_found');
    requireCan(actor, 'consultation.watch', appointment);
    return { patientId: appointment.patientId };
  }

  /** Who is in the call; that somebody looks is recorded first. @throws ProductError `not_found`, `forbidden` */
  async asParty(actor: Actor, consultationId: string): Promise<CallPresence> {
    const { patientId } = await this.requireParty(actor, consultationId);
    const facts = { action: 'view', resource: 'consultation', resourceId: consultationId, patientId } as const;
    await this.#parts.audit.record(actor, facts);
    return this.#of(consultationId);
  }

  /** The one place from which changes of presence become visible to others. */
  async publish(consultationIds: Iterable<string>): Promise<void> {
    for (const consultationId of new Set(consultationIds)) {
      this.#parts.events.toWatchers(consultationId, 'consultation.presence', await this.#of(consultationId));
    }
  }

  async #of(consultationId: string): Promise<CallPresence> {
    const { rooms, nodes } = this.#parts;
    const room = await rooms.byId(consultationId);
    const node = await nodes.current();
    if (room === undefined || room.node.id !== node?.id) return { consultationId, people: [] };
    // Somebody who comes back is in the room twice until the place of before is given up.
    const people = new Map<string, Person>(room.people.map((person) => [person.participantId, person]));
    return { consultationId, people: [...people.values()].map(({ name, party }) => ({ name, party })) };
  }
}
