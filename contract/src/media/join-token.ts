import { z } from 'zod';
import { partySchema } from '../appointment.ts';
import { documentIdSchema, peerIdSchema } from '../ids.ts';
import { grantsSchema } from './peer.ts';

/** Signature algorithm of every token between the servers; the only one that is accepted (RFC 8725, 3.1). */
export const SERVICE_TOKEN_ALGORITHM = 'ES256';
export const API_ISSUER = 'health-connect-api';
export const MEDIA_ISSUER = 'health-connect-media';
/** A join token must be used within this time. */
export const JOIN_TOKEN_LIFETIME_SECONDS = 60;

/** `aud` of a join token: it is good at media nodes only, never as a session or control token. */
export const JOIN_TOKEN_AUDIENCE = 'media-join';

/** Claims of the token with which `api` lets a browser into a room. Signed by `api`, one use. */
export const joinTokenSchema = z.strictObject({
  iss: z.literal(API_ISSUER),
  aud: z.literal(JOIN_TOKEN_AUDIENCE),
  iat: z.int(),
  exp: z.int(),
  /** Id of this token; a node accepts it once. */
  jti: z.uuid(),
  /** Room: the id of the consultation. */
  room: documentIdSchema,
  peerId: peerIdSchema,
  /** Who it is, across joins: a second join takes over the first one's place. */
  participantId: documentIdSchema,
  name: z.string().min(1).max(120),
  party: partySchema,
  grants: grantsSchema,
  /** The media node that the room lives on; every other node refuses the token. */
  node: z.string().min(1).max(64),
});
export type JoinTokenClaims = z.infer<typeof joinTokenSchema>;
