import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Storm } from '../testing/storm.ts';
import { TestServer } from '../testing/test-server.ts';

const STEPS = 25;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOIN_EARLY_MINUTES: '1440' });
});
afterAll(() => server.close());

describe('a storm of bookings, changes, visits that end and repetitions (B2)', () => {
  it('leaves no orphan and no double booking, and answers every request with sense', async () => {
    const storm = await Storm.create(server);
    await storm.blow(STEPS);
    await storm.expectWhole();
    expect.hasAssertions();
  }, 120_000);
});
