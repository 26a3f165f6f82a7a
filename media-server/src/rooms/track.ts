import type { MediaKind, MediaSource } from '@health-connect/contract';

/** A track that a peer sends, as the rest of its room sees it. */
export interface Track {
  /** The producer's id. */
  readonly id: string;
  readonly peerId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  /** Whether its sender is muted or has the camera off. */
  readonly paused: boolean;
}
