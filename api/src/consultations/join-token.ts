import { randomUUID, type KeyObject } from 'node:crypto';
import {
  API_ISSUER,
  JOIN_TOKEN_AUDIENCE,
  JOIN_TOKEN_LIFETIME_SECONDS,
  MEDIA_SOURCES,
  SERVICE_TOKEN_ALGORITHM,
  type Grants,
  type JoinTokenClaims,
  type Party,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';

/** What a party may do in the call: all send and receive everything, the doctor moderates. */
export function grantsOf(party: Party): Grants {
  return { publish: [...MEDIA_SOURCES], receive: true, moderate: party === 'doctor' };
}

/** Makes the token with which a browser enters a room: one use, for a minute at most. */
export function signJoinToken(
  place: Pick<JoinTokenClaims, 'room' | 'peerId' | 'participantId' | 'name' | 'party' | 'node'>,
  privateKey: KeyObject,
  nowMs: number,
): string {
  const iat = Math.floor(nowMs / 1000);
  const claims: JoinTokenClaims = {
    ...place,
    iss: API_ISSUER,
    aud: JOIN_TOKEN_AUDIENCE,
    iat,
    exp: iat + JOIN_TOKEN_LIFETIME_SECONDS,
    jti: randomUUID(),
    grants: grantsOf(place.party),
  };
  return jwt.sign(claims, privateKey, { algorithm: SERVICE_TOKEN_ALGORITHM });
}
