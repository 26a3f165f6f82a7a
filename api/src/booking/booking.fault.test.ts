import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoubleBooking } from '../testing/double-booking.ts';
import { KillableApi } from '../testing/killable-api.ts';
import { Storm } from '../testing/storm.ts';
import { TestServer } from '../testing/test-server.ts';

const ROUNDS = 100;
const ROUND_LIMIT_MS = 120_000;
const STORMS = 3;
const STEPS = 20;
/** A storm goes on until so many kills have met it. */
const LEAST_KILLS = 3;
const LONGEST_LIFE_MS = 3000;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOIN_EARLY_MINUTES: '1440' });
});
afterAll(() => server.close());

describe('1,000 bookings at once, 100 rounds (B1)', () => {
  let rounds: DoubleBooking;
  beforeAll(async () => {
    rounds = await DoubleBooking.create(server);
  });

  it.each(Array.from({ length: ROUNDS }, (_item, round) => round))(
    'have exactly one winner, of one slot and of ranges that overlap (round %i)',
    async (round) => {
      await rounds.oneSlot(round);
      await rounds.overlappingRanges(round);
      expect.hasAssertions();
    },
    ROUND_LIMIT_MS,
  );
});

describe('storms while the api is killed at random points (B2)', () => {
  it.each(Array.from({ length: STORMS }, (_item, number) => number))(
    'leave no orphan, no double booking, and lose nothing that was confirmed (storm %i)',
    async (number) => {
      // The test's clock stands still, the process has the real one: without this, sign-ins would have ended long ago.
      server.clock.set(Date.now());
      const api = await KillableApi.start(server);
      try {
        await api.ready();
        const storm = await Storm.create(server, api.ask);
        const blown = new AbortController();
        const killing = (async () => {
          while (!blown.signal.aborted) {
            // At a point of its work that nobody has chosen.
            await delay(Math.random() * LONGEST_LIFE_MS);
            await api.kill();
            await api.ready();
          }
        })();
        // Until some kills met it, however fast it blows.
        for (let gust = 0; api.facts.kills < LEAST_KILLS || api.facts.unanswered === 0; gust += 1) {
          await storm.blow(STEPS, number * 1000 + gust);
        }
        blown.abort();
        await killing;
        await storm.expectWhole();
      } finally {
        await api.close();
      }
    },
    10 * 60_000,
  );
});
