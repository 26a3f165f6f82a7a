import type { CallOrders } from '../appointments/call-orders.ts';
import type { Transaction } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { ControlClient } from '../media-nodes/control-client.ts';
import type { MediaNodeRegistry } from '../media-nodes/media-node.registry.ts';
import type { Order, RoomRepository } from './room.repository.ts';

interface Parts {
  readonly rooms: RoomRepository;
  readonly nodes: MediaNodeRegistry;
  readonly control: Pick<ControlClient, 'closeRoom' | 'removeParticipant'>;
  readonly logger: Logger;
}

/** So many rooms are attended to at once; the rest has its turn a moment later. */
const BATCH = 20;

/** Orders to the media node, kept with the room until they are carried out. */
export class CallOrderService implements CallOrders {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): CallOrderService {
    return new CallOrderService(parts);
  }

  orderClose(appointmentId: string, transaction?: Transaction): Promise<void> {
    return this.#parts.rooms.order(appointmentId, { kind: 'close' }, transaction);
  }

  orderRemoval(appointmentId: string, accountId: string, transaction?: Transaction): Promise<void> {
    return this.#parts.rooms.order(appointmentId, { kind: 'remove', participantId: accountId }, transaction);
  }

  withdrawRemoval(appointmentId: string, accountId: string, transaction: Transaction): Promise<void> {
    return this.#parts.rooms.withdraw(appointmentId, { kind: 'remove', participantId: accountId }, transaction);
  }

  async deliver(appointmentId: string): Promise<void> {
    const { rooms, nodes, logger } = this.#parts;
    const room = await rooms.byId(appointmentId);
    const node = await nodes.current();
    // A silent node may still carry the call: the order waits until it is heard again, or another one has taken over.
    if (node === undefined) return;
    for (const order of room?.orders ?? []) {
      try {
        // A node that was replaced has taken the call with it.
        if (node.id === room?.node.id) await this.#carryOut(appointmentId, order);
        await rooms.withdraw(appointmentId, order);
      } catch (error) {
        logger.warn({ err: error, consultationId: appointmentId, order: order.kind }, 'Media node could not be told');
      }
    }
  }

  /** Sends what is still open, of every room. */
  async deliverAll(): Promise<void> {
    for (const id of await this.#parts.rooms.withOrders(BATCH)) await this.deliver(id);
  }

  #carryOut(roomId: string, order: Order): Promise<void> {
    const { control } = this.#parts;
    switch (order.kind) {
      case 'close':
        return control.closeRoom(roomId);
      case 'remove':
        return control.removeParticipant(roomId, order.participantId);
    }
  }
}
