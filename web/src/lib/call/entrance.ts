import type { JoinGrant, MediaRequestResponse } from '@health-connect/contract';
import type { RemotePeers } from './remote-peers.ts';
import { RoomConnection, type RoomParts } from './room-connection.ts';
import type { MediaSignalling } from './signalling/media-signalling.ts';

/** What entering needs. */
export interface EntranceOptions extends RoomParts {
  /** Asks `api` for a place; called again for each attempt. */
  readonly askGrant: () => Promise<JoinGrant>;
}

/** What the way in led to. */
export interface Entered {
  readonly connection: RoomConnection;
  readonly answer: MediaRequestResponse<'join'>;
}

/**
 * The way into a room. Only the latest attempt counts: the node gives a person one place, so that two attempts under
 * way would throw each other out.
 */
export class Entrance {
  readonly #options: EntranceOptions;
  readonly #peers: RemotePeers;
  #attempt = 0;
  #signalling: MediaSignalling | undefined;

  private constructor(options: EntranceOptions, peers: RemotePeers) {
    this.#options = options;
    this.#peers = peers;
  }

  static create(options: EntranceOptions, peers: RemotePeers): Entrance {
    return new Entrance(options, peers);
  }

  /** Whether this is the signalling of the attempt under way. */
  uses(signalling: MediaSignalling): boolean {
    return this.#signalling === signalling;
  }

  /**
   * Enters the room; undefined when meanwhile a newer attempt began or nobody wants in any more: a place that came too
   * late is left. Throws what refused this attempt.
   */
  async enter(onOpen: (signalling: MediaSignalling) => void): Promise<Entered | undefined> {
    const attempt = (this.#attempt += 1);
    const counts = (): boolean => attempt === this.#attempt;
    this.#signalling?.close();
    this.#signalling = undefined;
    try {
      const grant = await this.#options.askGrant();
      if (!counts()) return undefined;
      const entered = await RoomConnection.join(grant, this.#options, this.#peers, (signalling) => {
        this.#signalling = signalling;
        onOpen(signalling);
      });
      if (counts()) {
        this.#signalling = undefined;
        return entered;
      }
      void entered.connection.leave();
    } catch (error) {
      if (counts()) throw error;
    }
    return undefined;
  }

  /** Nobody wants in any more. An attempt under way goes on to its end, so that its place can be left. */
  close(): void {
    this.#attempt += 1;
  }
}
