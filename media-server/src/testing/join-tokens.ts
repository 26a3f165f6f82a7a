import { randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import {
  API_ISSUER,
  JOIN_TOKEN_AUDIENCE,
  JOIN_TOKEN_LIFETIME_SECONDS,
  MEDIA_SOURCES,
  type JoinTokenClaims,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';

/** An id as MongoDB makes them. */
export function documentId(): string {
  return randomBytes(12).toString('hex');
}

/** Claims of a good token for one use now, with what a test wants otherwise. */
export function joinClaims(changes: Partial<JoinTokenClaims> = {}): JoinTokenClaims {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: API_ISSUER,
    aud: JOIN_TOKEN_AUDIENCE,
    iat,
    exp: iat + JOIN_TOKEN_LIFETIME_SECONDS,
    jti: randomUUID(),
    room: documentId(),
    peerId: randomUUID(),
    participantId: documentId(),
    name: 'Ada Example',
    party: 'patient',
    grants: { publish: [...MEDIA_SOURCES], receive: true, moderate: false },
    node: 'media-test',
    ...changes,
  };
}

/** Signs claims as `api` does. */
export function signAsApi(claims: object, key: KeyObject): string {
  return jwt.sign(claims, key, { algorithm: 'ES256' });
}
