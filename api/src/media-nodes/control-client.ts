import { createHash, randomUUID, type KeyObject } from 'node:crypto';
import {
  API_ISSUER,
  CONTROL_TOKEN_AUDIENCE,
  CONTROL_TOKEN_LIFETIME_SECONDS,
  controlRequests,
  fillPath,
  ProductError,
  SERVICE_TOKEN_ALGORITHM,
  type ControlTokenClaims,
  type NodeStatus,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import type { Clock } from '../clock.ts';

/** A node that has not answered by then is taken for gone. */
const TIMEOUT_MS = 3000;

interface Parts {
  readonly baseUrl: string;
  readonly privateKey: KeyObject;
  readonly clock: Clock;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

/** Signed requests to the media node. Each is safe to repeat. */
export class ControlClient {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ControlClient {
    return new ControlClient(parts);
  }

  /** @throws ProductError `media_unavailable` */
  async status(): Promise<NodeStatus> {
    const { method, path, response } = controlRequests.status;
    const parsed = response.safeParse(await this.#send({ method, path }));
    if (!parsed.success) throw new ProductError('media_unavailable', { cause: parsed.error });
    return parsed.data;
  }

  /** Ends the call for everyone. @throws ProductError `media_unavailable` */
  async closeRoom(roomId: string): Promise<void> {
    const { method, path } = controlRequests.closeRoom;
    await this.#send({ method, path: fillPath(path, { roomId }) });
  }

  /** Takes somebody out of a call. @throws ProductError `media_unavailable` */
  async removeParticipant(roomId: string, participantId: string): Promise<void> {
    const { method, path } = controlRequests.removeParticipant;
    await this.#send({ method, path: fillPath(path, { roomId, participantId }) });
  }

  async #send(call: Call): Promise<unknown> {
    try {
      const response = await fetch(new URL(call.path, this.#parts.baseUrl), {
        method: call.method,
        headers: { authorization: `Bearer ${this.#token(call)}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      if (!response.ok) throw new Error(`The media node answered ${call.method} with status ${response.status}`);
      return await response.json();
    } catch (error) {
      throw new ProductError('media_unavailable', { cause: error });
    }
  }

  #token({ method, path }: Call): string {
    const { clock, privateKey } = this.#parts;
    const iat = Math.floor(clock.now() / 1000);
    const claims: ControlTokenClaims = {
      iss: API_ISSUER,
      aud: CONTROL_TOKEN_AUDIENCE,
      iat,
      exp: iat + CONTROL_TOKEN_LIFETIME_SECONDS,
      jti: randomUUID(),
      request: `${method} ${path}`,
      bodySha256: createHash('sha256').update('').digest('hex'),
    };
    return jwt.sign(claims, privateKey, { algorithm: SERVICE_TOKEN_ALGORITHM });
  }
}
