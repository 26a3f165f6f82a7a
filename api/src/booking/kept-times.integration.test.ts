import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../testing/test-server.ts';
import { KEPT_AT_MOST_MS, KeptTimeRepository } from './kept-time.repository.ts';

const MINUTE_MS = 60_000;
const NOW = new Date('2090-05-06T10:00:00.000Z');
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE_MS);
const slot = { heldById: 'a'.repeat(24), doctorId: 'd'.repeat(24), startsAt: new Date('2090-05-07T10:00:00.000Z') };

let server: TestServer;
let times: KeptTimeRepository;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
  times = KeptTimeRepository.create(server.database.connection);
});
afterAll(() => server.close());

const count = (what: typeof slot, minutes: number, until: Date) =>
  server.database.transaction((transaction) => times.count(what, minutes * MINUTE_MS, until, NOW, transaction));

it('are counted for each person and slot alone, and forgotten half an hour after the last', async () => {
  await count(slot, 20, later(20));
  const others = [
    { ...slot, heldById: 'b'.repeat(24) },
    { ...slot, doctorId: 'e'.repeat(24) },
    { ...slot, startsAt: later(60) },
  ];
  for (const other of others) expect(await times.leftOf(other, NOW)).toBe(KEPT_AT_MOST_MS);
  expect(await times.leftOf(slot, NOW)).toBe(KEPT_AT_MOST_MS - 20 * MINUTE_MS);
  expect(await times.leftOf(slot, later(49))).toBe(KEPT_AT_MOST_MS - 20 * MINUTE_MS);
  expect(await times.leftOf(slot, later(50))).toBe(KEPT_AT_MOST_MS);
});

it('are never less than nothing nor more than all, whatever is given back or promised', async () => {
  const other = { ...slot, startsAt: later(120) };
  await count(other, -10, NOW);
  expect(await times.leftOf(other, NOW)).toBe(KEPT_AT_MOST_MS);
  await count(other, 40, later(40));
  expect(await times.leftOf(other, NOW)).toBe(0);
  await count(other, -10, NOW);
  expect(await times.leftOf(other, NOW)).toBe(10 * MINUTE_MS);
});
