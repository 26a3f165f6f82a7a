import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Database } from '../database/database.ts';
import { createLogger } from '../logging/logger.ts';
import { cuttableWay, type CuttableWay } from '../testing/cuttable-way.ts';
import { databaseUri } from '../testing/test-server.ts';
import { SocketNewsBus } from './socket-news-bus.ts';
import type { SocketNews } from './socket-news.ts';
import { SocketNewsRepository } from './socket-news.repository.ts';
import { SocketPublisher } from './socket-publisher.ts';

const ID = '0123456789abcdef01234567';
const RECOVERY_LIMIT_MS = 15_000;
const key = randomBytes(32);
const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });

interface Process {
  readonly database: Database;
  readonly bus: SocketNewsBus;
  readonly heard: SocketNews[];
  readonly missed: () => number;
}

let uri: string;
let way: CuttableWay;
let near: Process;
/** Reaches the database over a way that can be cut. */
let far: Process;

async function start(address: string, ownKey = key): Promise<Process> {
  const database = await Database.connect(address, logger);
  const heard: SocketNews[] = [];
  let missed = 0;
  const receiver = { deliver: (news: SocketNews) => void heard.push(news), missed: () => void (missed += 1) };
  const repository = SocketNewsRepository.create(database.connection);
  await database.ensureIndexes();
  const bus = SocketNewsBus.create({ repository, key: ownKey, receiver, logger });
  await bus.open();
  return { database, bus, heard, missed: () => missed };
}

async function end({ bus, database }: Process): Promise<void> {
  await bus.close();
  await database.close();
}

const ended = (sessionId: string): SocketNews => ({ kind: 'session-ended', sessionId });
const numbered = (from: number, to: number): SocketNews[] =>
  Array.from({ length: to - from }, (_, index) => ended(`session ${from + index}`));
const hears = (process: Process, news: SocketNews[]): Promise<void> =>
  vi.waitFor(() => expect(process.heard).toEqual(news), { timeout: RECOVERY_LIMIT_MS, interval: 20 });

beforeEach(async () => {
  uri = databaseUri();
  way = await cuttableWay(uri);
  [near, far] = [await start(uri), await start(way.uri)];
});
afterEach(async () => {
  way.mend();
  await end(far);
  await near.database.connection.dropDatabase();
  await end(near);
  way.close();
});

describe('news between processes', () => {
  it('come in the order in which they were told, to all others and not to who told them', async () => {
    const third = await start(uri);
    const news = numbered(0, 1500);
    for (const one of news) near.bus.tell(one);
    await hears(far, news);
    await hears(third, news);
    expect(near.heard).toEqual([]);
    await end(third);
  });

  it('are said before a process ends', async () => {
    const third = await start(uri);
    // The first is on its way at once; what is told meanwhile waits for it.
    const lastWords = numbered(0, 3);
    for (const one of lastWords) third.bus.tell(one);
    await end(third);
    await hears(near, lastWords);
  });

  it('tell nothing to who reads the database, and are soon forgotten by it', async () => {
    const name = 'Canary Patient';
    const people = [{ name, party: 'patient' as const }];
    const payload = { consultationId: ID, people };
    near.bus.tell({ kind: 'watchers', consultationId: ID, event: { name: 'consultation.presence', payload } });
    await vi.waitFor(() => expect(far.heard).toHaveLength(1), 10_000);
    const collection = near.database.connection.collection('socket_news');
    const [stored] = await collection.find({}).toArray();
    expect(Object.keys(stored ?? {}).sort()).toEqual(['_id', 'at', 'news', 'writer']);
    const bytes = z.looseObject({ news: z.instanceof(mongoose.mongo.Binary) }).parse(stored).news.buffer;
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('Canary');
    const indexes = await collection.indexes();
    expect(indexes.find((index) => 'at' in index.key)?.['expireAfterSeconds']).toBe(30);
  });

  it('that another key has sealed, or that are no news, are passed over', async () => {
    const stranger = await start(uri, randomBytes(32));
    stranger.bus.tell(ended('forged'));
    await end(stranger);
    const { connection } = near.database;
    await connection.collection('socket_news').insertOne({ writer: 'somebody', news: 'no bytes', at: new Date() });
    near.bus.tell(ended('real'));
    await hears(far, [ended('real')]);
  });
});

describe('while the database is away', () => {
  it('this process hears its own, and both hear each other again afterwards: nothing is lost', async () => {
    near.bus.tell(ended('before'));
    await hears(far, [ended('before')]);
    way.cut();
    const local: SocketNews[] = [];
    const publisher = SocketPublisher.create({ local: { deliver: (news) => void local.push(news) }, bus: far.bus });
    publisher.toAccounts([ID], 'appointment.changed', { appointmentId: ID });
    publisher.endSession('gone');
    expect(local.map(({ kind }) => kind)).toEqual(['accounts', 'session-ended']);
    for (const news of numbered(0, 20)) near.bus.tell(news);
    await vi.waitFor(() => expect(way.refused()).toBeGreaterThan(3), { timeout: RECOVERY_LIMIT_MS });
    expect(near.heard).toEqual([]);

    way.mend();
    await hears(far, [ended('before'), ...numbered(0, 20)]);
    await hears(near, local);
    expect([near.missed(), far.missed()]).toEqual([0, 0]);
  }, 60_000);

  it('a process can still end', async () => {
    const third = await start(way.uri);
    way.cut();
    third.bus.tell(ended('never heard'));
    const startedAt = performance.now();
    await third.bus.close();
    expect(performance.now() - startedAt).toBeLessThan(8000);
    way.mend();
    await third.database.close();
  }, 60_000);
});

describe('when the place at which hearing broke off is gone from the log', () => {
  it('the process knows that it missed something, and hears what comes', async () => {
    await near.database.connection.dropCollection('socket_news');
    await vi.waitFor(() => expect([near.missed(), far.missed()]).toEqual([1, 1]), { timeout: RECOVERY_LIMIT_MS });
    near.bus.tell(ended('new'));
    await hears(far, [ended('new')]);
  }, 60_000);
});
