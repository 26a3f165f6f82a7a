import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import { mediaObjectIdSchema, peerIdSchema } from '../ids.ts';
import { consumerOptionsSchema, leaveReasonSchema, mediaSourceSchema, peerSchema } from './peer.ts';
import {
  dtlsParametersSchema,
  iceParametersSchema,
  mediaKindSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  transportOptionsSchema,
} from './rtp.ts';

/** Version of this protocol. Raised when an old page could no longer talk to a new node. */
export const MEDIA_PROTOCOL_VERSION = 1;
/** Socket.IO namespace of the media protocol. */
export const MEDIA_NAMESPACE = '/media';
/** Largest signalling message, in bytes (OWASP: at most 64 KB). */
export const MEDIA_MESSAGE_MAX_BYTES = 65_536;
/** How long a node waits for `join` after the connection, and a client for an acknowledgement. */
export const MEDIA_REQUEST_TIMEOUT_MS = 10_000;
/** How long a peer's place is kept after its signalling connection is lost (F12: gone within 20 s). */
export const MEDIA_RESUME_WINDOW_MS = 12_000;

/**
 * What a socket hands over while connecting (`auth` of Socket.IO): a fresh join token, or, after a lost
 * connection, the secret of the peer that it was.
 */
export const mediaHandshakeSchema = z.union([
  z.strictObject({ protocolVersion: z.int(), token: z.string().min(1).max(4096) }),
  z.strictObject({ protocolVersion: z.int(), peerId: peerIdSchema, sessionSecret: z.string().min(32).max(128) }),
]);
export type MediaHandshake = z.infer<typeof mediaHandshakeSchema>;

/** When a media request may be sent: before `join` or `resume`, or once inside the room. */
export type MediaPhase = 'connected' | 'joined';

/** A client-to-server request of the media protocol, always acknowledged. */
export interface MediaRequest {
  readonly summary: string;
  readonly phase: MediaPhase;
  readonly payload: z.ZodObject;
  readonly response: z.ZodObject;
  readonly errors: readonly ErrorCode[];
}

function defineMediaRequest<const R extends MediaRequest>(request: R): R {
  return request;
}

const empty = z.strictObject({});
const done = z.object({});
const producerRef = z.strictObject({ producerId: mediaObjectIdSchema });
const consumerRef = z.strictObject({ consumerId: mediaObjectIdSchema });

const roomStateSchema = z.object({
  peers: z.array(peerSchema).max(16),
  consumers: z.array(consumerOptionsSchema).max(64),
});

/** Requests of the media protocol, client to server. The phase and the token's grants decide who may send them. */
export const mediaRequests = {
  join: defineMediaRequest({
    summary: 'Enter the room: both transports, everybody, and a paused consumer for each track in one answer',
    phase: 'connected',
    payload: z.strictObject({ rtpCapabilities: rtpCapabilitiesSchema }),
    response: roomStateSchema.extend({
      sessionSecret: z.string().min(32).max(128),
      sendTransport: transportOptionsSchema,
      receiveTransport: transportOptionsSchema,
    }),
    errors: [
      'already_joined',
      'consultation_full',
      'draining',
      'media_rejected',
      'media_unavailable',
      'session_unknown',
      'token_invalid',
    ],
  }),
  resume: defineMediaRequest({
    summary: 'Take the kept place again after a lost connection; the answer is the whole present state of the room',
    phase: 'connected',
    payload: empty,
    response: roomStateSchema.extend({
      /** Own producers that are still open, so that the client can drop what is gone. */
      producers: z.array(z.object({ id: mediaObjectIdSchema, source: mediaSourceSchema, paused: z.boolean() })).max(4),
    }),
    errors: ['session_unknown', 'already_joined'],
  }),
  connectTransport: defineMediaRequest({
    summary: "Hand over the browser's DTLS parameters",
    phase: 'joined',
    payload: z.strictObject({ transportId: mediaObjectIdSchema, dtlsParameters: dtlsParametersSchema }),
    response: done,
    errors: ['transport_not_found', 'transport_state', 'media_rejected'],
  }),
  restartIce: defineMediaRequest({
    summary: 'New ICE credentials for a transport whose path was lost (R10)',
    phase: 'joined',
    payload: z.strictObject({ transportId: mediaObjectIdSchema }),
    response: z.object({ iceParameters: iceParametersSchema }),
    errors: ['transport_not_found'],
  }),
  produce: defineMediaRequest({
    summary: 'Send a track; at most one per source',
    phase: 'joined',
    payload: z.strictObject({
      kind: mediaKindSchema,
      source: mediaSourceSchema,
      rtpParameters: rtpParametersSchema,
      paused: z.boolean(),
    }),
    response: z.object({ producerId: mediaObjectIdSchema }),
    errors: ['publish_not_granted', 'limit_exceeded', 'media_rejected', 'validation_failed'],
  }),
  pauseProducer: defineMediaRequest({
    summary: 'Mute the microphone or switch the camera off',
    phase: 'joined',
    payload: producerRef,
    response: done,
    errors: ['producer_not_found'],
  }),
  resumeProducer: defineMediaRequest({
    summary: 'Unmute or switch on again',
    phase: 'joined',
    payload: producerRef,
    response: done,
    errors: ['producer_not_found'],
  }),
  closeProducer: defineMediaRequest({
    summary: 'Stop sending a track',
    phase: 'joined',
    payload: producerRef,
    response: done,
    errors: ['producer_not_found'],
  }),
  resumeConsumer: defineMediaRequest({
    summary: 'The element that plays the track is ready: start it',
    phase: 'joined',
    payload: consumerRef,
    response: done,
    errors: ['consumer_not_found'],
  }),
  pauseConsumer: defineMediaRequest({
    summary: 'Stop receiving a track for now',
    phase: 'joined',
    payload: consumerRef,
    response: done,
    errors: ['consumer_not_found'],
  }),
  setView: defineMediaRequest({
    summary: 'How wide each video is shown, in device pixels; 0 is not shown. Picks layers and pauses what nobody sees',
    phase: 'joined',
    payload: z.strictObject({
      tiles: z.array(z.strictObject({ consumerId: mediaObjectIdSchema, widthPx: z.int().min(0).max(8192) })).max(64),
    }),
    response: done,
    errors: ['consumer_not_found'],
  }),
  leave: defineMediaRequest({
    summary: 'Leave the room; everything that belongs to the peer is closed before the answer',
    phase: 'joined',
    payload: empty,
    response: done,
    errors: [],
  }),
} as const;

interface MediaEvent {
  readonly summary: string;
  readonly payload: z.ZodObject;
}

function defineMediaEvent<const E extends MediaEvent>(event: E): E {
  return event;
}

/** Events of the media protocol, server to client. Subject first, facts in the past tense. */
export const mediaEvents = {
  peerJoined: defineMediaEvent({ summary: 'Somebody entered the room', payload: z.object({ peer: peerSchema }) }),
  peerLeft: defineMediaEvent({
    summary: 'Somebody is no longer in the room; their consumers are closed with it',
    payload: z.object({ peerId: peerIdSchema, reason: leaveReasonSchema }),
  }),
  peerReachabilityChanged: defineMediaEvent({
    summary: "Somebody's signalling connection was lost, or came back; their place is kept meanwhile",
    payload: z.object({ peerId: peerIdSchema, reachable: z.boolean() }),
  }),
  consumerAdded: defineMediaEvent({
    summary: 'A new track can be received',
    payload: z.object({ consumer: consumerOptionsSchema }),
  }),
  consumerClosed: defineMediaEvent({
    summary: 'A track has ended',
    payload: z.object({ consumerId: mediaObjectIdSchema }),
  }),
  consumerPaused: defineMediaEvent({
    summary: 'The sender muted or switched the camera off',
    payload: z.object({ consumerId: mediaObjectIdSchema }),
  }),
  consumerResumed: defineMediaEvent({
    summary: 'The sender is on again',
    payload: z.object({ consumerId: mediaObjectIdSchema }),
  }),
  producerPaused: defineMediaEvent({
    summary: 'Your own track was muted by a moderator',
    payload: z.object({ producerId: mediaObjectIdSchema }),
  }),
  removed: defineMediaEvent({
    summary: 'Your own part of the call has ended; the socket closes',
    payload: z.object({ reason: leaveReasonSchema }),
  }),
} as const;

export type MediaRequestName = keyof typeof mediaRequests;
/** A request's payload as the client gives it. */
export type MediaRequestPayload<N extends MediaRequestName> = z.input<(typeof mediaRequests)[N]['payload']>;
/** A request's payload after validation. */
export type MediaRequestData<N extends MediaRequestName> = z.output<(typeof mediaRequests)[N]['payload']>;
export type MediaRequestResponse<N extends MediaRequestName> = z.output<(typeof mediaRequests)[N]['response']>;
export type MediaEventName = keyof typeof mediaEvents;
export type MediaEventPayload<N extends MediaEventName> = z.output<(typeof mediaEvents)[N]['payload']>;
