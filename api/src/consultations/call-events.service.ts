import type { Webhook, WebhookEvent } from '@health-connect/contract';
import { publishAppointmentChange } from '../appointments/appointment.publish.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { bothCame } from '../appointments/change-facts.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import type { Logger } from '../logging/logger.ts';
import type { MediaNodeRegistry } from '../media-nodes/media-node.registry.ts';
import type { WebhookRepository } from '../media-nodes/webhook.repository.ts';
import { partyOf } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { CallOrderService } from './call-order.service.ts';
import type { CallPlaceService } from './call-place.service.ts';
import type { PresenceService } from './presence.service.ts';
import type { Occurrence, RoomRepository } from './room.repository.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly deliveries: WebhookRepository;
  readonly appointments: AppointmentRepository;
  readonly rooms: RoomRepository;
  readonly nodes: MediaNodeRegistry;
  readonly orders: CallOrderService;
  readonly places: Pick<CallPlaceService, 'isVoid'>;
  readonly presence: PresenceService;
  readonly events: EventPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
}

type CallEvent = Exclude<WebhookEvent, { type: 'node.heartbeat' }>;
type EntryEvent = Extract<WebhookEvent, { type: 'peer.joined' }>;

/** What media nodes report: each delivery counts once, in whatever order they come. */
export class CallEventsService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): CallEventsService {
    return new CallEventsService(parts);
  }

  async receive(webhook: Webhook): Promise<void> {
    const { event } = webhook;
    if (event.type === 'node.heartbeat') {
      await this.#parts.nodes.heartbeat(webhook, event);
      const emptied = await this.#parts.rooms.nodeStarted(webhook.nodeId, new Date(webhook.nodeStartedAt));
      await this.#parts.presence.publish(emptied);
      return;
    }
    await this.#parts.presence.publish(await this.#applyOnce(webhook, event));
    if (event.type === 'peer.joined') await this.#checkEntry(event);
  }

  async #applyOnce(webhook: Webhook, event: CallEvent): Promise<string[]> {
    const { database, deliveries, rooms, clock } = this.#parts;
    if (await deliveries.isKnown(webhook.id)) return [];
    const startedAt = new Date(webhook.nodeStartedAt);
    try {
      return await database.transaction(async (transaction) => {
        await deliveries.record(webhook.id, new Date(clock.now()), transaction);
        const emptied = await rooms.nodeStarted(webhook.nodeId, startedAt, transaction);
        return [...emptied, ...(await this.#apply(webhook, event, transaction))];
      });
    } catch (error) {
      if (isDuplicateKey(error)) return [];
      throw error;
    }
  }

  async #apply(webhook: Webhook, event: CallEvent, transaction: Transaction): Promise<string[]> {
    const { rooms, appointments, clock, logger } = this.#parts;
    const { nodeId, sequence } = webhook;
    const at = (room: string): Occurrence => ({
      room,
      nodeId,
      nodeStartedAt: new Date(webhook.nodeStartedAt),
      sequence,
    });
    switch (event.type) {
      case 'peer.joined': {
        const { room, peerId, participantId, name, party } = event;
        const appointment = await appointments.byId(room, transaction);
        if (appointment !== undefined && party !== 'colleague') {
          await appointments.came(appointment, party, new Date(clock.now()), transaction);
        }
        return (await rooms.entered(at(room), peerId, { participantId, name, party }, transaction)) ? [room] : [];
      }
      case 'peer.left':
        return (await rooms.left(at(event.room), event.peerId, transaction)) ? [event.room] : [];
      case 'room.emptied':
        return (await rooms.emptied(at(event.room), transaction)) ? [event.room] : [];
      case 'worker.died': {
        logger.error({ nodeId, rooms: event.rooms.length }, 'A media worker died');
        const changed: string[] = [];
        for (const room of event.rooms) {
          if (await rooms.emptied(at(room), transaction)) changed.push(room);
        }
        return changed;
      }
    }
  }

  /**
   * Somebody may enter with a token that was made a moment before the consultation was closed, they were taken out of
   * it, or their session ended: their stay ends at once.
   */
  async #checkEntry({ room, participantId }: EntryEvent): Promise<void> {
    const { appointments, orders, places, events, logger } = this.#parts;
    const appointment = await appointments.byId(room);
    if (appointment === undefined) {
      logger.warn({ consultationId: room }, 'A media node reports a call that is not known');
      return;
    }
    // From the second one's arrival on it cannot be called off or moved: open pages must not offer it.
    if (appointment.status === 'scheduled' && bothCame(appointment)) publishAppointmentChange(events, appointment);
    if (appointment.closedAt !== null) await orders.orderClose(room);
    else if (partyOf(appointment, participantId) === undefined || (await places.isVoid(room, participantId)))
      await orders.orderRemoval(room, participantId);
    else return;
    await orders.deliver(room);
  }
}
