import type { CallPhase, EndReason } from './call-state.ts';
import type { DeviceKind } from './device-problem.ts';
import type { Trouble } from './recovery.ts';
import type { RemotePeer } from './remote-peers.ts';

/** What the interface shows of a call. Values only: tracks and transports stay inside. */
export interface CallSnapshot {
  readonly phase: CallPhase;
  readonly endReason: EndReason | undefined;
  /** When the room was first entered, in ms since the epoch. */
  readonly joinedAtMs: number | undefined;
  readonly peers: readonly RemotePeer[];
  readonly trouble: Trouble;
}

/** What a call tells beyond its snapshot. */
export type CallEvents = {
  changed: CallSnapshot;
  peerJoined: RemotePeer;
  peerLeft: RemotePeer;
  /** A moderator switched one of our devices off. */
  muted: { kind: DeviceKind };
  /** The node refused to carry one of our devices. */
  publishFailed: { kind: DeviceKind };
};
