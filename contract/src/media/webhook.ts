import { z } from 'zod';
import { partySchema } from '../appointment.ts';
import { documentIdSchema, instantSchema, peerIdSchema } from '../ids.ts';
import { MEDIA_ISSUER } from './join-token.ts';
import { leaveReasonSchema } from './peer.ts';
import { rtpCapabilitiesSchema } from './rtp.ts';

/** `aud` of the token that a node sends with a webhook. */
export const WEBHOOK_TOKEN_AUDIENCE = 'media-webhook';
export const WEBHOOK_TOKEN_LIFETIME_SECONDS = 30;
/** How often a node says that it lives, and its load. */
export const HEARTBEAT_INTERVAL_MS = 5_000;
/** A node that was silent for so long gets no new rooms. */
export const HEARTBEAT_TIMEOUT_MS = 15_000;

/** Claims of a webhook token: bound to one body. */
export const webhookTokenSchema = z.strictObject({
  iss: z.literal(MEDIA_ISSUER),
  aud: z.literal(WEBHOOK_TOKEN_AUDIENCE),
  iat: z.int(),
  exp: z.int(),
  jti: z.uuid(),
  bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type WebhookTokenClaims = z.infer<typeof webhookTokenSchema>;

const inRoom = { room: documentIdSchema };
const personInRoom = {
  ...inRoom,
  peerId: peerIdSchema,
  participantId: documentIdSchema,
  name: z.string().max(120),
  party: partySchema,
};

/** What a node reports. */
export const webhookEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('peer.joined'), ...personInRoom }),
  z.strictObject({ type: z.literal('peer.left'), ...personInRoom, reason: leaveReasonSchema }),
  z.strictObject({ type: z.literal('room.emptied'), ...inRoom }),
  z.strictObject({ type: z.literal('worker.died'), rooms: z.array(documentIdSchema).max(1000) }),
  z.strictObject({
    type: z.literal('node.heartbeat'),
    protocolVersion: z.int(),
    draining: z.boolean(),
    rooms: z.int().min(0),
    peers: z.int().min(0),
    consumers: z.int().min(0),
    /** Share of one core that the busiest worker used since the last heartbeat, 0 to 1. */
    busiestWorkerLoad: z.number().min(0),
    routerRtpCapabilities: rtpCapabilitiesSchema,
  }),
]);
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** A delivery. It may come twice (same id), and late: `occurredAt` and `sequence` put events of one node in order. */
export const webhookSchema = z.strictObject({
  id: z.uuid(),
  nodeId: z.string().min(1).max(64),
  /** Start of the node's process: a new one means that all its earlier rooms are gone. */
  nodeStartedAt: instantSchema,
  sequence: z.int().min(0),
  occurredAt: instantSchema,
  event: webhookEventSchema,
});
export type Webhook = z.infer<typeof webhookSchema>;
