import {
  ProductError,
  validationError,
  type Endpoint,
  type EndpointInput,
  type EndpointResult,
} from '@health-connect/contract';
import type { z } from 'zod';
import { hasAccessRule, type Actor } from '../accounts/actor.ts';
import type { GivenTokens, SessionTokens } from '../accounts/session.service.ts';

/** The session's cookies, of the request and of its answer. */
export interface SessionCookies extends GivenTokens {
  set(tokens: SessionTokens): void;
  /** Keeps the marks of people who have signed in there; they stay when the session ends. */
  keepDevice(marks: string): void;
  clear(): void;
}

/** Who a handler may rely on: nobody on public and media-node routes, perhaps somebody on those for visitors, else the signed-in account. */
export type ActorOf<E extends Endpoint> = E['access']['kind'] extends 'public' | 'media-node'
  ? undefined
  : E['access']['kind'] extends 'visitor'
    ? Actor | undefined
    : Actor;

/** A file that was sent: of a declared type and size, nothing else of it is trusted yet. */
export interface Upload {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The file of an endpoint that declares one. */
export type UploadOf<E extends Endpoint> = E['upload'] extends object ? Upload : undefined;

/** What a handler gets: validated input, the account that asks, and what its browser sent along. */
export interface HandlerInput<E extends Endpoint> extends EndpointInput<E> {
  readonly actor: ActorOf<E>;
  readonly upload: UploadOf<E>;
  readonly cookies: SessionCookies;
  readonly userAgent: string | undefined;
}

export type Handler<E extends Endpoint> = (input: HandlerInput<E>) => Promise<EndpointResult<E>>;

/** A request as it came: nothing of it is trusted yet. */
export interface RawCall {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly upload?: Upload | undefined;
  readonly actor: Actor | undefined;
  readonly cookies: SessionCookies;
  readonly userAgent: string | undefined;
}

/** An endpoint with the handler that answers it. */
export interface Binding {
  readonly endpoint: Endpoint;
  handle(call: RawCall): Promise<unknown>;
}

function parsePart(schema: z.ZodType | undefined, part: 'params' | 'query' | 'body', value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // A path that cannot be an id names nothing that exists here, but the caller should learn which part is wrong.
  const refused = validationError(parsed.error);
  const details = refused.details?.map(({ path, message }) => ({
    path: path === '' ? part : `${part}.${path}`,
    message,
  }));
  throw new ProductError('validation_failed', details === undefined ? {} : { details });
}

function parseInput<E extends Endpoint>(endpoint: E, call: RawCall): EndpointInput<E>;
function parseInput(endpoint: Endpoint, call: RawCall): Record<'params' | 'query' | 'body', unknown> {
  return {
    params: parsePart(endpoint.params, 'params', call.params),
    query: parsePart(endpoint.query, 'query', call.query),
    body: parsePart(endpoint.body, 'body', call.body),
  };
}

function actorFor<E extends Endpoint>(endpoint: E, actor: Actor | undefined): ActorOf<E>;
function actorFor(endpoint: Endpoint, actor: Actor | undefined): Actor | undefined {
  switch (endpoint.access.kind) {
    case 'public':
    case 'media-node':
      return undefined;
    case 'visitor':
      return actor;
    case 'signed-in':
    case 'roles':
      if (actor === undefined) throw new ProductError('unauthenticated');
      return actor;
  }
}

function requireUpload<E extends Endpoint>(endpoint: E, upload: Upload | undefined): UploadOf<E>;
function requireUpload(endpoint: Endpoint, upload: Upload | undefined): Upload | undefined {
  if (endpoint.upload !== undefined && upload === undefined) throw new ProductError('unsupported_media_type');
  return upload;
}

/**
 * Binds a handler to a declared endpoint. The handler sees validated input only, and its result is parsed by the
 * declared response, which drops every field that is not declared.
 * @throws TypeError when the endpoint has no access rule
 */
export function bind<const E extends Endpoint>(endpoint: E, handler: Handler<E>): Binding {
  if (!hasAccessRule(endpoint)) {
    throw new TypeError(`${endpoint.method} ${endpoint.path} has no access rule: declare one in the contract.`);
  }
  return {
    endpoint,
    handle: async (call) => {
      const input = parseInput(endpoint, call);
      const result = await handler({
        ...input,
        actor: actorFor(endpoint, call.actor),
        upload: requireUpload(endpoint, call.upload),
        cookies: call.cookies,
        userAgent: call.userAgent,
      });
      return endpoint.response.parse(result);
    },
  };
}
