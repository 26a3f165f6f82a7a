import { createServer, type Server } from 'node:http';
import { PICTURE_TIMEOUT_MS } from '@health-connect/contract';
import type Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from '../logging/logger.ts';
import { errorMapper } from './errors.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { inlineScriptsOf } from './inline-scripts.ts';
import { requestLog } from './request-log.ts';
import { refuseUnrouted } from './router.ts';
import { securityHeaders } from './security-headers.ts';
import { staticFiles } from './static-files.ts';
import { Turns } from './turns.ts';
import { isVisitorsWish } from './visitors-wishes.ts';

/** A client gets so long to send its headers, and its whole request: the longest is a picture over a slow line. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = PICTURE_TIMEOUT_MS + 5000;

interface Parts {
  readonly router: Router;
  readonly readiness: Readiness;
  readonly webDir: string;
  readonly publicUrl: string;
  readonly mediaPublicUrl: string;
  readonly trustedProxies: number;
  readonly logger: Logger;
}

/** The HTTP server, not listening yet: health, the API, then the web app's files. */
export function createHttpServer({
  router,
  readiness,
  webDir,
  publicUrl,
  mediaPublicUrl,
  trustedProxies,
  logger,
}: Parts): Server {
  const app = new Koa();
  app.on('error', (error: unknown) => {
    logger.debug({ err: error }, 'An answer could not be sent to its end');
  });
  const headers = { publicUrl, mediaUrl: mediaPublicUrl, inlineScripts: inlineScriptsOf(webDir) };
  app.use(requestLog(logger, trustedProxies));
  for (const header of securityHeaders(headers)) app.use(header);
  app.use(async (ctx, next) => {
    await next();
    // Asked last: the request may have begun before the end did.
    if (readiness.draining) ctx.set('Connection', 'close');
  });
  app.use(errorMapper(logger));
  app.use(healthRoutes(readiness));
  app.use(router.routes());
  app.use(refuseUnrouted(router));
  app.use(staticFiles(webDir));
  const handle = app.callback();
  const turns = Turns.create();
  return createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      if (isVisitorsWish(request)) turns.take(() => void handle(request, response));
      else void handle(request, response);
    },
  );
}
