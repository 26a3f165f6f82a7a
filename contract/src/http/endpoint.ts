import type { z } from 'zod';
import type { Access } from '../access.ts';
import type { ErrorCode } from '../errors.ts';

/** Everything that is known of a route: declared once here, bound by `api`, called by the web client. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` placeholders, each of which is a key of `params`. */
  readonly path: `/api/${string}`;
  readonly summary: string;
  /** Who may call it. Required: a route without an access rule does not compile. */
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Largest JSON body in bytes, where the fields may hold more than 64 KiB. */
  readonly bodyLimitBytes?: number;
  /** The body is a file instead of JSON: its bytes as they are. */
  readonly upload?: { readonly contentTypes: readonly string[]; readonly limitBytes: number };
  readonly response: z.ZodType;
  /** The answer is a file of this type instead of JSON, which never changes under its address; `response` is its bytes. */
  readonly produces?: string;
  /** Status of a success. */
  readonly status: 200 | 201 | 202;
  /** Codes that the service itself may answer with; those of the binding are added by `errorsOf`. */
  readonly errors: readonly ErrorCode[];
}

/** Declares a route and keeps its exact types. */
export function defineEndpoint<const E extends Endpoint>(endpoint: E): E {
  return endpoint;
}

type SchemaOf<E, K extends string> = E extends Readonly<Record<K, infer S extends z.ZodType>> ? S : undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler gets, after validation. */
export interface EndpointInput<E extends Endpoint> {
  readonly params: Output<SchemaOf<E, 'params'>>;
  readonly query: Output<SchemaOf<E, 'query'>>;
  readonly body: Output<SchemaOf<E, 'body'>>;
}

/** The file of an endpoint that takes one; its type is sent along. */
type FileCall<E> = E extends { readonly upload: object } ? { readonly upload: Blob } : unknown;

/** What a caller gives; parts that the endpoint does not declare are left out. */
export type EndpointCall<E extends Endpoint> = FileCall<E> & {
  readonly [K in 'params' | 'query' | 'body' as SchemaOf<E, K> extends z.ZodType ? K : never]: Input<SchemaOf<E, K>>;
};

/** What a handler returns: it is parsed by the response schema, which drops everything undeclared. */
export type EndpointResult<E extends Endpoint> = z.input<E['response']>;

/** What a caller gets back. */
export type EndpointResponse<E extends Endpoint> = z.output<E['response']>;

/** Whether the session cookie decides what a call may see and do: then `ACCOUNT_HEADER` is compared with it. */
export const readsSession = ({ access }: Pick<Endpoint, 'access'>): boolean =>
  access.kind !== 'public' && access.kind !== 'media-node';

/** All error codes that a call of this endpoint can end in, those of the binding included. */
export function errorsOf(endpoint: Endpoint): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>(endpoint.errors);
  if (endpoint.params ?? endpoint.query ?? endpoint.body) codes.add('validation_failed');
  if (endpoint.body ?? endpoint.upload) codes.add('body_too_large').add('unsupported_media_type');
  if (endpoint.access.kind !== 'public' && endpoint.access.kind !== 'visitor') codes.add('unauthenticated');
  if (endpoint.access.kind === 'roles') codes.add('forbidden');
  if (readsSession(endpoint)) codes.add('account_changed');
  return [...codes.add('unavailable').add('internal')];
}

/** Fills the placeholders of an endpoint's path. Throws when one is missing: a mistake of the caller's code. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:([a-zA-Z]+)/g, (_whole, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`Path parameter ${name} is missing for ${path}`);
    return encodeURIComponent(value);
  });
}
