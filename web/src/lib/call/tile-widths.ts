import type { MediaRequestPayload, MediaSource } from '@health-connect/contract';
import type { RemotePeer } from './remote-peers.ts';

/** Changes within this time go out as one message. */
export const VIEW_DEBOUNCE_MS = 150;

type Tiles = MediaRequestPayload<'setView'>['tiles'];
const VIDEO_SOURCES: readonly MediaSource[] = ['camera', 'screen'];

/** How wide each video is shown. Tells the node only what changed the picture of it. */
export class TileWidths {
  readonly #widths = new Map<string, number>();
  readonly #send: (tiles: Tiles) => Promise<void>;
  readonly #peers: () => readonly RemotePeer[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sent = '';

  private constructor(peers: () => readonly RemotePeer[], send: (tiles: Tiles) => Promise<void>) {
    this.#peers = peers;
    this.#send = send;
  }

  static create(peers: () => readonly RemotePeer[], send: (tiles: Tiles) => Promise<void>): TileWidths {
    return new TileWidths(peers, send);
  }

  /** @param widthPx device pixels; 0 when the tile is not shown */
  set(peerId: string, source: MediaSource, widthPx: number): void {
    const key = `${peerId} ${source}`;
    if (widthPx === 0) this.#widths.delete(key);
    else this.#widths.set(key, widthPx);
    this.schedule();
  }

  /** Something else changed what the node must know, such as a new track. */
  schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#flush(), VIEW_DEBOUNCE_MS);
  }

  /** A new stay in the room: the node knows nothing of us yet. */
  forgetSent(): void {
    this.#sent = '';
    this.schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#widths.clear();
  }

  async #flush(): Promise<void> {
    const tiles = this.#peers().flatMap((peer) =>
      VIDEO_SOURCES.flatMap((source) => {
        const track = peer.tracks[source];
        return track === undefined
          ? []
          : [{ consumerId: track.consumerId, widthPx: this.#widths.get(`${peer.id} ${source}`) ?? 0 }];
      }),
    );
    const message = JSON.stringify(tiles);
    if (tiles.length === 0 || message === this.#sent) return;
    this.#sent = message;
    // Refused or lost: the next change, or the next stay, tells it again.
    await this.#send(tiles).catch(() => (this.#sent = ''));
  }
}
