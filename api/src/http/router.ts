import Router from '@koa/router';
import { ProductError, type Endpoint } from '@health-connect/contract';
import type { Context, Middleware } from 'koa';
import { requireAccess, type Actor } from '../accounts/actor.ts';
import type { Binding } from './binding.ts';
import { isJson, parseJson, readRawBody } from './body.ts';
import { sessionCookieOf } from './cookie.ts';
import { requireSameOrigin } from './same-origin.ts';

/** How the binding learns who is asking. */
export interface Guards {
  /** The account of a session token, `undefined` when there is no such session (any more). */
  authenticate(sessionToken: string | undefined): Promise<Actor | undefined>;
  /** Refuses a request that no media node has signed. */
  requireMediaNode(authorization: string | undefined, rawBody: Buffer): Promise<void>;
}

type Areas = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>;

/** Methods that only read (RFC 9110, 9.2.1). */
const changesState = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

function requireJson(ctx: Context, endpoint: Endpoint): void {
  const { 'content-type': type, 'content-encoding': encoding } = ctx.headers;
  // Without a declared body, none is needed; but what forms send is never taken for a request (CSRF).
  if (endpoint.body === undefined && type === undefined) return;
  if (!isJson(type, encoding)) throw new ProductError('unsupported_media_type');
}

async function callerOf(ctx: Context, endpoint: Endpoint, guards: Guards, raw: Buffer): Promise<Actor | undefined> {
  switch (endpoint.access.kind) {
    case 'public':
      return undefined;
    case 'media-node':
      await guards.requireMediaNode(ctx.headers.authorization, raw);
      return undefined;
    case 'signed-in':
    case 'roles': {
      const actor = await guards.authenticate(sessionCookieOf(ctx).token);
      requireAccess(endpoint.access, actor);
      return actor;
    }
  }
}

function answer(binding: Binding, guards: Guards, publicOrigin: string): Middleware {
  const { endpoint } = binding;
  const forNodes = endpoint.access.kind === 'media-node';
  return async (ctx) => {
    if (changesState(ctx.method)) {
      if (!forNodes) requireSameOrigin(ctx.headers, publicOrigin);
      requireJson(ctx, endpoint);
    }
    // A node's signature covers the body, so it is read first; nobody else's body is read before access is decided.
    const early = forNodes ? await readRawBody(ctx.req) : Buffer.alloc(0);
    const actor = await callerOf(ctx, endpoint, guards, early);
    const raw = forNodes || endpoint.body === undefined ? early : await readRawBody(ctx.req);
    const body = endpoint.body === undefined ? undefined : parseJson(raw);
    const params: unknown = ctx['params'];
    const result = await binding.handle({ params, query: ctx.query, body, actor, sessionCookie: sessionCookieOf(ctx) });
    ctx.status = endpoint.status;
    ctx.body = result;
  };
}

function requireComplete(bindings: readonly Binding[], areas: Areas): void {
  const declared = new Set(Object.values(areas).flatMap((area) => Object.values(area)));
  for (const { endpoint } of bindings) {
    if (!declared.delete(endpoint)) {
      throw new TypeError(`${endpoint.method} ${endpoint.path} is bound twice or not declared in the contract.`);
    }
  }
  const [missing] = declared;
  if (missing !== undefined) throw new TypeError(`${missing.method} ${missing.path} is declared but not bound.`);
}

/**
 * Mounts every declared endpoint.
 * @throws TypeError when one of the contract's endpoints is not bound, or something else is
 */
export function createRouter(areas: Areas, bindings: readonly Binding[], guards: Guards, publicOrigin: string): Router {
  requireComplete(bindings, areas);
  const router = new Router({ strict: true, sensitive: true });
  for (const binding of bindings) {
    const { method, path } = binding.endpoint;
    router.register(path, [method], [answer(binding, guards, publicOrigin)]);
  }
  return router;
}

/** Answers what no route took: a known path with another method by 405, everything else below `/api` by 404. */
export function refuseUnrouted(router: Router): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/api' && !ctx.path.startsWith('/api/')) {
      await next();
      return;
    }
    const allowed = new Set(router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods));
    if (allowed.size === 0) throw new ProductError('not_found');
    ctx.set('Allow', [...allowed].join(', '));
    throw new ProductError('method_not_allowed');
  };
}
