import Router from '@koa/router';
import { ACCOUNT_HEADER, ProductError, type Endpoint } from '@health-connect/contract';
import type { Context, Middleware } from 'koa';
import { requireAccess, requireBelieved, type Actor } from '../accounts/actor.ts';
import { isRefusal, type Refused } from '../policy/refusal.ts';
import type { Binding, Upload } from './binding.ts';
import { isJson, parseJson, readRawBody } from './body.ts';
import { sessionCookiesOf } from './cookie.ts';
import { requireSameOrigin } from './same-origin.ts';

/** How the binding learns who is asking. */
export interface Guards {
  /** The account of a session token, `undefined` when there is no such session (any more). */
  authenticate(sessionToken: string | undefined): Promise<Actor | undefined>;
  /** Refuses a request that no media node has signed. */
  requireMediaNode(authorization: string | undefined, rawBody: Buffer): Promise<void>;
  /** Records that a signed-in account was refused by a rule. */
  refused(actor: Actor, refused: Refused): Promise<void>;
}

type Areas = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>;

/** Methods that only read (RFC 9110, 9.2.1). */
const changesState = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

function requireFile(allowed: readonly string[], type: string | undefined, encoding: string | undefined): void {
  if (encoding !== undefined || !allowed.includes(type?.toLowerCase() ?? '')) {
    throw new ProductError('unsupported_media_type', {
      message: `Send a file of one of these types: ${allowed.join(', ')}.`,
    });
  }
}

async function uploadOf(ctx: Context, { upload }: Endpoint): Promise<Upload | undefined> {
  if (upload === undefined) return undefined;
  const bytes = await readRawBody(ctx.req, upload.limitBytes);
  return { contentType: ctx.headers['content-type']?.toLowerCase() ?? '', bytes };
}

/** A file keeps its address as long as its content, and can do nothing should somebody open it as a page. */
function answerFile(ctx: Context, contentType: string, bytes: unknown): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('A file is answered as bytes');
  ctx.set('Cache-Control', 'private, max-age=31536000, immutable');
  ctx.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
  ctx.set('Content-Disposition', 'inline');
  ctx.type = contentType;
  ctx.body = Buffer.from(bytes);
}

function requireJson(ctx: Context, endpoint: Endpoint): void {
  const { 'content-type': type, 'content-encoding': encoding } = ctx.headers;
  if (endpoint.upload !== undefined) {
    requireFile(endpoint.upload.contentTypes, type, encoding);
    return;
  }
  // Without a declared body, none is needed; but what forms send is never taken for a request (CSRF).
  if (endpoint.body === undefined && type === undefined) return;
  if (!isJson(type, encoding)) throw new ProductError('unsupported_media_type');
}

async function callerOf(ctx: Context, endpoint: Endpoint, guards: Guards, raw: Buffer): Promise<Actor | undefined> {
  switch (endpoint.access.kind) {
    case 'public':
      return undefined;
    case 'visitor': {
      const actor = await guards.authenticate(sessionCookiesOf(ctx).access);
      requireBelieved(ctx.headers[ACCOUNT_HEADER], actor);
      return actor;
    }
    case 'media-node':
      await guards.requireMediaNode(ctx.headers.authorization, raw);
      return undefined;
    case 'signed-in':
    case 'roles': {
      const actor = await guards.authenticate(sessionCookiesOf(ctx).access);
      // Before anything else: it was never this account that wanted it.
      requireBelieved(ctx.headers[ACCOUNT_HEADER], actor);
      await recordingRefusals(ctx, endpoint, guards, actor, () => {
        requireAccess(endpoint.access, actor);
      });
      return actor;
    }
  }
}

async function recordingRefusals<T>(
  ctx: Context,
  { method, path }: Endpoint,
  guards: Guards,
  actor: Actor | undefined,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (actor !== undefined && error instanceof ProductError && isRefusal(error.code)) {
      await guards.refused(actor, { what: `${method} ${path}`, params: ctx['params'], error });
    }
    throw error;
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
    const raw = forNodes || endpoint.body === undefined ? early : await readRawBody(ctx.req, endpoint.bodyLimitBytes);
    const body = endpoint.body === undefined ? undefined : parseJson(raw);
    const params: unknown = ctx['params'];
    const { 'user-agent': userAgent } = ctx.headers;
    const cookies = sessionCookiesOf(ctx);
    const upload = await uploadOf(ctx, endpoint);
    const call = { params, query: ctx.query, body, upload, actor, cookies, userAgent };
    const result = await recordingRefusals(ctx, endpoint, guards, actor, () => binding.handle(call));
    ctx.status = endpoint.status;
    if (endpoint.produces === undefined) ctx.body = result;
    else answerFile(ctx, endpoint.produces, result);
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
