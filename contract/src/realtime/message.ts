import { z } from 'zod';
import type { Access } from '../access.ts';
import { failureSchema, type ErrorCode, type Failure } from '../errors.ts';

/** A client-to-server request of the app socket, always acknowledged. */
export interface SocketRequest {
  readonly summary: string;
  /** Who may send it. Required: a request without an access rule does not compile. */
  readonly access: Access;
  readonly payload: z.ZodObject;
  readonly response: z.ZodObject;
  readonly errors: readonly ErrorCode[];
}

/** A server-to-client event. */
export interface SocketEvent {
  readonly summary: string;
  readonly payload: z.ZodObject;
}

export function defineRequest<const R extends SocketRequest>(request: R): R {
  return request;
}

export function defineEvent<const E extends SocketEvent>(event: E): E {
  return event;
}

/** The answer to every socket request. */
export type Acknowledgement<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: Failure };

/** Schema of the acknowledgement that carries `data`, for the receiving side. */
export function acknowledgementSchema<S extends z.ZodObject>(data: S) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), data }),
    z.object({ ok: z.literal(false), error: failureSchema }),
  ]);
}
