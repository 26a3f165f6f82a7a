import Router from '@koa/router';
import { PICTURE_TIMEOUT_MS } from '@health-connect/contract';
import { expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { Readiness } from './health.ts';
import { createHttpServer } from './server.ts';

it('leaves a picture at least the time that pages wait for it: 5 MB over a slow line', () => {
  const server = createHttpServer({
    router: new Router(),
    readiness: Readiness.create({}),
    webDir: import.meta.dirname,
    publicUrl: 'http://localhost:3000',
    mediaPublicUrl: 'http://localhost:3001',
    trustedProxies: 0,
    logger: createLogger({ logLevel: 'silent', logFormat: 'json' }),
  });
  expect(server.requestTimeout).toBeGreaterThan(PICTURE_TIMEOUT_MS);
  // Who does not even say what they want is sent away soon.
  expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
});
