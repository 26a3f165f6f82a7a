import { Rounds } from '../jobs/rounds.ts';
import type { Logger } from '../logging/logger.ts';
import type { MediaNodeRegistry } from '../media-nodes/media-node.registry.ts';
import type { CallOrderService } from './call-order.service.ts';
import type { PresenceService } from './presence.service.ts';
import type { RoomRepository } from './room.repository.ts';

const INTERVAL_MS = 5000;

interface Parts {
  readonly rooms: RoomRepository;
  readonly nodes: MediaNodeRegistry;
  readonly orders: CallOrderService;
  readonly presence: PresenceService;
  readonly logger: Logger;
}

/** Every few seconds: forgets who was on a node that has died, and tells the living one what it missed. */
export class CallSweeper {
  readonly #parts: Parts;
  readonly #rounds: Rounds;

  private constructor(parts: Parts) {
    this.#parts = parts;
    const { logger } = parts;
    const failure = 'Calls could not be swept';
    this.#rounds = Rounds.create({ everyMs: INTERVAL_MS, run: () => this.sweep(), failure, logger });
  }

  static create(parts: Parts): CallSweeper {
    return new CallSweeper(parts);
  }

  start(): void {
    this.#rounds.start();
  }

  /** One round. */
  async sweep(): Promise<void> {
    const { rooms, nodes, orders, presence } = this.#parts;
    const node = await nodes.current();
    await presence.publish(await rooms.clearAllBut(node?.id));
    await orders.deliverAll();
  }

  /** Ends with the round that is under way. */
  close(): Promise<void> {
    return this.#rounds.close();
  }
}
