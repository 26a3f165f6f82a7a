import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ProductError, type ErrorBody, type Health } from '@health-connect/contract';
import type { Logger } from 'pino';
import { runWithRequestId } from '../request-context.ts';
import type { ControlGuard } from './control-guard.ts';
import type { ControlRoute } from './control-routes.ts';

const MAX_BODY_BYTES = 65_536;

export interface HttpHandlerOptions {
  readonly guard: ControlGuard;
  readonly routes: readonly ControlRoute[];
  /** What has to be so that this node can take new calls. */
  readonly readiness: () => Promise<Health>;
  readonly log: Logger;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const parts: AsyncIterable<unknown> = request;
  for await (const part of parts) {
    if (!Buffer.isBuffer(part)) continue;
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new ProductError('body_too_large');
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ProductError('validation_failed', { cause });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  const content = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(content),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}

/** Serves `/healthz`, `/readyz` (both public) and the control requests (each checked by the guard before its body is read as JSON). */
export function httpHandler(options: HttpHandlerOptions): RequestListener {
  return (request, response) => {
    const requestId = randomUUID();
    void runWithRequestId(requestId, () => answer(options, requestId, request, response));
  };
}

async function answer(
  options: HttpHandlerOptions,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('x-request-id', requestId);
  try {
    const health = await healthOf(options, request);
    if (health !== undefined) {
      send(response, health.status === 'ok' ? 200 : 503, health);
      return;
    }
    send(response, 200, await control(options, request));
    options.log.debug({ method: request.method, path: request.url }, 'control request');
  } catch (error) {
    const told = error instanceof ProductError ? error : new ProductError('internal');
    if (told !== error) options.log.error({ err: error }, 'control request failed');
    else options.log.debug({ code: told.code, path: request.url }, 'control request refused');
    const body: ErrorBody = { error: told.toFailure(requestId) };
    if (told.code === 'body_too_large') response.setHeader('connection', 'close');
    send(response, told.status, body);
  }
}

async function healthOf(options: HttpHandlerOptions, request: IncomingMessage): Promise<Health | undefined> {
  if (request.method !== 'GET') return undefined;
  if (request.url === '/healthz') return { status: 'ok', checks: {} };
  if (request.url === '/readyz') return options.readiness();
  return undefined;
}

async function control(options: HttpHandlerOptions, request: IncomingMessage): Promise<object> {
  const path = request.url ?? '';
  const onPath = options.routes.filter((route) => route.path.test(path));
  if (onPath.length === 0) throw new ProductError('not_found');
  const route = onPath.find((candidate) => candidate.method === request.method);
  if (route === undefined) throw new ProductError('method_not_allowed');
  const body = await readBody(request);
  const { authorization } = request.headers;
  await options.guard.check({ method: route.method, path, body, authorization });
  return route.run({ ...route.path.exec(path)?.groups }, parseJson(body));
}
