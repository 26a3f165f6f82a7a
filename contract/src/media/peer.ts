import { z } from 'zod';
import { partySchema } from '../appointment.ts';
import { mediaObjectIdSchema, peerIdSchema } from '../ids.ts';
import { mediaKindSchema, rtpParametersSchema, type MediaKind } from './rtp.ts';

/** What a track shows or carries. A peer has at most one producer per source. */
export const MEDIA_SOURCES = ['microphone', 'camera', 'screen', 'screenAudio'] as const;
export const mediaSourceSchema = z.enum(MEDIA_SOURCES);
export type MediaSource = z.infer<typeof mediaSourceSchema>;

/** The kind that each source must have; a mismatch is refused. */
export const KIND_OF_SOURCE: Readonly<Record<MediaSource, MediaKind>> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
};

/** What a join token allows. */
export const grantsSchema = z.object({
  /** Sources that may be sent. */
  publish: z.array(mediaSourceSchema).max(MEDIA_SOURCES.length),
  /** Whether others' tracks are received. */
  receive: z.boolean(),
  /** Whether others may be muted or removed. */
  moderate: z.boolean(),
});
export type Grants = z.infer<typeof grantsSchema>;

/** Somebody else in the room. */
export const peerSchema = z.object({
  id: peerIdSchema,
  name: z.string().max(120),
  party: partySchema,
  /** False while their signalling connection is lost and their place is kept. */
  reachable: z.boolean(),
});
export type Peer = z.infer<typeof peerSchema>;

/** A track of somebody else, ready to be received. It is created paused; `resumeConsumer` starts it. */
export const consumerOptionsSchema = z.object({
  id: mediaObjectIdSchema,
  producerId: mediaObjectIdSchema,
  peerId: peerIdSchema,
  kind: mediaKindSchema,
  source: mediaSourceSchema,
  rtpParameters: rtpParametersSchema,
  /** True while the sender is muted or has the camera off. */
  producerPaused: z.boolean(),
});
export type ConsumerOptions = z.infer<typeof consumerOptionsSchema>;

/** Why a peer is no longer in the room. */
export const LEAVE_REASONS = ['left', 'lost', 'replaced', 'removed', 'room-closed', 'failed'] as const;
export const leaveReasonSchema = z.enum(LEAVE_REASONS);
export type LeaveReason = z.infer<typeof leaveReasonSchema>;
