import type { SessionPlaces } from '../accounts/session.service.ts';
import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';
import type { CallOrderService } from './call-order.service.ts';
import type { CallPlace, CallPlaceRepository } from './call-place.repository.ts';

/** Whether a session is good right now. */
interface LiveSessions {
  live(id: string, now: Date): Promise<unknown>;
}

interface Parts {
  readonly places: CallPlaceRepository;
  readonly sessions: LiveSessions;
  readonly orders: CallOrderService;
  readonly clock: Clock;
}

/** Places in calls belong to the session that asked for them, and end with it (A4). */
export class CallPlaceService implements SessionPlaces {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): CallPlaceService {
    return new CallPlaceService(parts);
  }

  /**
   * Notes a place before its token is made.
   * @returns false when the session ended meanwhile: whoever ended it did not see the place yet, so no token may be made
   */
  async take(place: CallPlace): Promise<boolean> {
    const { places, clock } = this.#parts;
    await places.take(place, new Date(clock.now()));
    return this.#isLive(place.sessionId);
  }

  /** Whether somebody entered with a token that was made a moment before their session ended. */
  async isVoid(room: string, accountId: string): Promise<boolean> {
    const place = await this.#parts.places.one(room, accountId);
    return place !== undefined && !(await this.#isLive(place.sessionId));
  }

  async orderRemovals(sessionIds: readonly string[], transaction?: Transaction): Promise<string[]> {
    if (sessionIds.length === 0) return [];
    const { places, orders } = this.#parts;
    const taken = await places.ofSessions(sessionIds, transaction);
    for (const { room, accountId } of taken) await orders.orderRemoval(room, accountId, transaction);
    return [...new Set(taken.map(({ room }) => room))];
  }

  async deliver(roomIds: readonly string[]): Promise<void> {
    await Promise.all(roomIds.map((room) => this.#parts.orders.deliver(room)));
  }

  async #isLive(sessionId: string): Promise<boolean> {
    const { sessions, clock } = this.#parts;
    return (await sessions.live(sessionId, new Date(clock.now()))) !== undefined;
  }
}
