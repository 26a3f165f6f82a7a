import { z } from 'zod';
import { documentIdSchema } from '../ids.ts';
import { API_ISSUER } from './join-token.ts';
import { mediaSourceSchema } from './peer.ts';
import { rtpCapabilitiesSchema } from './rtp.ts';

/** `aud` of the token that `api` sends with a control request. */
export const CONTROL_TOKEN_AUDIENCE = 'media-control';
export const CONTROL_TOKEN_LIFETIME_SECONDS = 30;

/** Claims of a control token: bound to one method, path and body, one use. */
export const controlTokenSchema = z.strictObject({
  iss: z.literal(API_ISSUER),
  aud: z.literal(CONTROL_TOKEN_AUDIENCE),
  iat: z.int(),
  exp: z.int(),
  jti: z.uuid(),
  /** `METHOD path`, as requested. */
  request: z.string().max(300),
  /** SHA-256 of the body as lower-case hexadecimal digits; of the empty string when there is none. */
  bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ControlTokenClaims = z.infer<typeof controlTokenSchema>;

const countsSchema = z.object({
  rooms: z.int(),
  peers: z.int(),
  transports: z.int(),
  producers: z.int(),
  consumers: z.int(),
});

/** What a node holds, by its own books and by its workers' dumps. */
export const nodeStatusSchema = z.object({
  nodeId: z.string().max(64),
  protocolVersion: z.int(),
  draining: z.boolean(),
  routerRtpCapabilities: rtpCapabilitiesSchema,
  counts: countsSchema,
  workers: z.array(
    z.object({
      pid: z.int(),
      /** From `worker.dump()` and the dumps of its routers: what the process itself says it holds. */
      dump: z.object({ routers: z.int(), transports: z.int(), producers: z.int(), consumers: z.int() }),
    }),
  ),
});
export type NodeStatus = z.infer<typeof nodeStatusSchema>;

const roomParams = z.strictObject({ roomId: documentIdSchema });
const participantParams = roomParams.extend({ participantId: documentIdSchema });
const done = z.object({});

interface ControlRequest {
  readonly method: 'GET' | 'POST';
  readonly path: `/control/${string}`;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly response: z.ZodObject;
}

function defineControl<const R extends ControlRequest>(request: R): R {
  return request;
}

/** Requests from `api` to a media node, over HTTP with a control token as bearer. All are safe to repeat. */
export const controlRequests = {
  status: defineControl({
    method: 'GET',
    path: '/control/status',
    summary: 'Counts, load and capabilities of the node',
    response: nodeStatusSchema,
  }),
  closeRoom: defineControl({
    method: 'POST',
    path: '/control/rooms/:roomId/close',
    summary: 'End the call for everyone; also answers when there is no such room',
    params: roomParams,
    response: done,
  }),
  removeParticipant: defineControl({
    method: 'POST',
    path: '/control/rooms/:roomId/participants/:participantId/remove',
    summary: 'Take somebody out of the call and void their unused tokens',
    params: participantParams,
    response: done,
  }),
  muteParticipant: defineControl({
    method: 'POST',
    path: '/control/rooms/:roomId/participants/:participantId/mute',
    summary: 'Pause what somebody sends, by source',
    params: participantParams,
    body: z.strictObject({ sources: z.array(mediaSourceSchema).min(1).max(4) }),
    response: done,
  }),
  drain: defineControl({
    method: 'POST',
    path: '/control/drain',
    summary: 'Take no new rooms; calls that run go on',
    response: done,
  }),
} as const;
