import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoubleBooking } from '../testing/double-booking.ts';
import { TestServer } from '../testing/test-server.ts';

const ROUNDS = 10;
const ROUND_LIMIT_MS = 60_000;

describe('1,000 bookings at once (B1)', () => {
  let server: TestServer;
  let rounds: DoubleBooking;
  beforeAll(async () => {
    server = await TestServer.start({ HC_JOBS: '0' });
    rounds = await DoubleBooking.create(server);
  });
  afterAll(() => server.close());

  it.each(Array.from({ length: ROUNDS }, (_item, round) => round))(
    'of one slot have exactly one winner (round %i)',
    async (round) => {
      await rounds.oneSlot(round);
      expect.hasAssertions();
    },
    ROUND_LIMIT_MS,
  );

  it.each(Array.from({ length: ROUNDS }, (_item, round) => round))(
    'of ranges that overlap have exactly one winner (round %i)',
    async (round) => {
      await rounds.overlappingRanges(round);
      expect.hasAssertions();
    },
    ROUND_LIMIT_MS,
  );
});
