import type { MediaSource, Peer } from '@health-connect/contract';

/** A track of somebody else as the interface sees it. */
export interface RemoteTrack {
  readonly consumerId: string;
  /** The sender is muted or has the camera off. */
  readonly paused: boolean;
}

/** Somebody else in the call. */
export interface RemotePeer extends Peer {
  readonly tracks: Readonly<Partial<Record<MediaSource, RemoteTrack>>>;
}

/** Who else is in the room and what they send. Immutable values inside, so that a snapshot is just the list. */
export class RemotePeers {
  readonly #peers = new Map<string, RemotePeer>();

  static create(): RemotePeers {
    return new RemotePeers();
  }

  list(): readonly RemotePeer[] {
    return [...this.#peers.values()];
  }

  get(peerId: string): RemotePeer | undefined {
    return this.#peers.get(peerId);
  }

  /** Takes over the server's list; tracks of those who stay are kept. */
  replaceAll(peers: readonly Peer[]): void {
    const old = new Map(this.#peers);
    this.#peers.clear();
    for (const peer of peers) this.#peers.set(peer.id, { ...peer, tracks: old.get(peer.id)?.tracks ?? {} });
  }

  add(peer: Peer): void {
    this.#peers.set(peer.id, { ...peer, tracks: this.#peers.get(peer.id)?.tracks ?? {} });
  }

  remove(peerId: string): RemotePeer | undefined {
    const peer = this.#peers.get(peerId);
    this.#peers.delete(peerId);
    return peer;
  }

  setReachable(peerId: string, reachable: boolean): void {
    this.#change(peerId, (peer) => ({ ...peer, reachable }));
  }

  setTrack(peerId: string, source: MediaSource, track: RemoteTrack): void {
    this.#change(peerId, (peer) => ({ ...peer, tracks: { ...peer.tracks, [source]: track } }));
  }

  setPaused(consumerId: string, paused: boolean): void {
    const found = this.#find(consumerId);
    if (found !== undefined) this.setTrack(found.peerId, found.source, { consumerId, paused });
  }

  dropTrack(consumerId: string): void {
    const found = this.#find(consumerId);
    if (found === undefined) return;
    this.#change(found.peerId, (peer) => {
      const { [found.source]: _dropped, ...tracks } = peer.tracks;
      return { ...peer, tracks };
    });
  }

  /** Forgets all tracks: their transport is gone. Who is there is kept, so that tiles stay in place. */
  dropAllTracks(): void {
    for (const [id, peer] of this.#peers) this.#peers.set(id, { ...peer, tracks: {} });
  }

  clear(): void {
    this.#peers.clear();
  }

  #change(peerId: string, change: (peer: RemotePeer) => RemotePeer): void {
    const peer = this.#peers.get(peerId);
    if (peer !== undefined) this.#peers.set(peerId, change(peer));
  }

  #find(consumerId: string): { peerId: string; source: MediaSource } | undefined {
    for (const peer of this.#peers.values()) {
      for (const source of sourcesOf(peer)) {
        if (peer.tracks[source]?.consumerId === consumerId) return { peerId: peer.id, source };
      }
    }
    return undefined;
  }
}

const SOURCES: readonly MediaSource[] = ['microphone', 'camera', 'screen', 'screenAudio'];

/** What somebody sends at the moment, paused or not. */
export function sourcesOf(peer: RemotePeer): MediaSource[] {
  return SOURCES.filter((source) => peer.tracks[source] !== undefined);
}
