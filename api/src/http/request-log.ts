import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { endpoints } from '@health-connect/contract';
import type { Middleware } from 'koa';
import { pinoHttp } from 'pino-http';
import { errorRecord } from '../logging/error-record.ts';
import type { Logger } from '../logging/logger.ts';
import { runWithRequestId } from '../logging/request-context.ts';
import { clientAddress } from './network.ts';

/** Path without its query: queries may hold what people typed. */
const pathOf = (url: string | undefined): string => (url ?? '').split('?', 1)[0] ?? '';

const idOf = (request: IncomingMessage): string => (typeof request.id === 'string' ? request.id : '');

const isProbe = (request: IncomingMessage): boolean => ['/healthz', '/readyz'].includes(pathOf(request.url));

/** Heartbeats come every few seconds: only those that fail are worth a line. */
function levelOf(request: IncomingMessage, response: ServerResponse): 'warn' | 'info' | 'debug' {
  if (response.statusCode >= 500) return 'warn';
  const routine = pathOf(request.url) === endpoints.mediaWebhooks.receive.path && response.statusCode < 400;
  return routine ? 'debug' : 'info';
}

/** Gives every request an id, which its answer and each of its log lines carry, and logs how it ended. */
export function requestLog(logger: Logger, trustedProxies: number): Middleware {
  const facts = (request: IncomingMessage, response: ServerResponse, responseTimeMs: unknown) => ({
    requestId: idOf(request),
    method: request.method,
    path: pathOf(request.url),
    status: response.statusCode,
    responseTimeMs,
  });
  const log = pinoHttp({
    logger,
    genReqId: () => randomUUID(),
    // What is logged of a request are the facts above; its headers and its address never are.
    serializers: { req: () => undefined, res: () => undefined },
    quietResLogger: true,
    autoLogging: { ignore: isProbe },
    customLogLevel: levelOf,
    customSuccessMessage: () => 'Request answered',
    customErrorMessage: () => 'Request broke off',
    customSuccessObject: (request, response, value: { responseTime?: unknown }) =>
      facts(request, response, value.responseTime),
    customErrorObject: (request, response, error, value: { responseTime?: unknown }) => ({
      ...facts(request, response, value.responseTime),
      err: errorRecord(error),
    }),
  });
  return (ctx, next) => {
    log(ctx.req, ctx.res);
    const requestId = idOf(ctx.req);
    ctx.set('X-Request-Id', requestId);
    const { 'x-forwarded-for': forwardedFor } = ctx.req.headers;
    const network = clientAddress(ctx.req.socket.remoteAddress, forwardedFor, trustedProxies);
    return runWithRequestId(requestId, next, network);
  };
}
