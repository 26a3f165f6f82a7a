import { healthSchema, HEARTBEAT_TIMEOUT_MS } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

async function ready(): Promise<{ status: number; checks: Record<string, string> }> {
  const response = await server.call('GET', '/readyz');
  return { status: response.status, checks: healthSchema.parse(await response.json()).checks };
}

describe('/readyz', () => {
  it('is 503 until a media node was heard, and again when it falls silent', async () => {
    expect(await ready()).toEqual({ status: 503, checks: { database: 'ok', mediaNode: 'failed', accepting: 'ok' } });
    await server.report(server.node.heartbeat());
    expect(await ready()).toEqual({ status: 200, checks: { database: 'ok', mediaNode: 'ok', accepting: 'ok' } });
    server.clock.advance(HEARTBEAT_TIMEOUT_MS);
    expect((await ready()).status).toBe(200);
    server.clock.advance(1);
    expect(await ready()).toEqual({ status: 503, checks: { database: 'ok', mediaNode: 'failed', accepting: 'ok' } });
  });
});

describe('/healthz', () => {
  it('is 200 while the process lives, whatever else is wrong', async () => {
    const response = await server.call('GET', '/healthz');
    expect(response.status).toBe(200);
    expect(healthSchema.parse(await response.json())).toEqual({ status: 'ok', checks: {} });
  });
});
