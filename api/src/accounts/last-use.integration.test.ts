import { sessionSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { REFRESH_GRACE_MS, USE_SPACING_MS } from './session.service.ts';

let server: TestServer;
let person: Person;

beforeAll(async () => {
  server = await TestServer.start();
  person = await server.person('doctor', 'Dora Doctor');
});
afterAll(() => server.close());

const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');
const listSchema = z.object({ sessions: z.array(sessionSchema) });

/** When the session of a browser was used last, as another one of the account is told. */
async function lastUse(of: TestBrowser, by: TestBrowser): Promise<number> {
  const own = listSchema.parse(await (await of.call('GET', '/api/auth/sessions')).json());
  const id = own.sessions.find(({ current }) => current)?.id;
  const { sessions } = listSchema.parse(await (await by.call('GET', '/api/auth/sessions')).json());
  return Date.parse(sessions.find((session) => session.id === id)?.lastUsedAt ?? '');
}

async function stored(browser: TestBrowser): Promise<number> {
  const [, payload = ''] = browser.access.split('.');
  const { sid } = z.object({ sid: z.string() }).parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  const found = await server.database.connection.collection<{ _id: string }>('sessions').findOne({ _id: sid });
  return z.object({ lastUsedAt: z.date() }).parse(found).lastUsedAt.getTime();
}

describe('the last use of a session', () => {
  it('is at most a minute old, by requests', async () => {
    const [one, other] = [await TestBrowser.signedIn(server, person), await TestBrowser.signedIn(server, person)];
    const signedInAt = server.clock.now();
    server.clock.advance(USE_SPACING_MS - 1);
    await me(one);
    expect(await lastUse(one, other)).toBe(signedInAt);
    server.clock.advance(1);
    await me(one);
    await vi.waitFor(async () => expect(await lastUse(one, other)).toBe(server.clock.now()), 10_000);
  });

  it('is at most a minute old, by the app socket', async () => {
    const browser = await TestBrowser.signedIn(server, person);
    const socket = await AppSocketClient.connect(server.url, browser.cookie);
    try {
      server.clock.advance(USE_SPACING_MS);
      await socket.request('consultation.watch', { consultationId: 'f'.repeat(24) });
      await vi.waitFor(async () => expect(await stored(browser)).toBe(server.clock.now()), 10_000);
    } finally {
      socket.close();
    }
  });

  it('is written once a minute, however many requests there are', async () => {
    const browser = await TestBrowser.signedIn(server, person);
    const { db } = server.database.connection;
    await db?.command({ profile: 2 });
    try {
      for (const _minute of [1, 2]) {
        server.clock.advance(USE_SPACING_MS);
        for (let round = 0; round < 5; round += 1) await Promise.all(Array.from({ length: 10 }, () => me(browser)));
      }
      await vi.waitFor(async () => expect(await stored(browser)).toBe(server.clock.now()), 10_000);
    } finally {
      await db?.command({ profile: 0 });
    }
    const updates = { op: 'update', ns: `${db?.databaseName ?? ''}.sessions`, nModified: 1 };
    expect(await db?.collection('system.profile').countDocuments(updates)).toBe(2);
  });

  it('does not hide that a refresh token is used again (A3)', async () => {
    const browser = await TestBrowser.signedIn(server, person);
    const thief = browser.copy();
    expect((await browser.refresh()).status).toBe(200);
    server.clock.advance(USE_SPACING_MS + REFRESH_GRACE_MS);
    await me(browser);
    await vi.waitFor(async () => expect(await stored(browser)).toBe(server.clock.now()), 10_000);
    await expectRefusal(await thief.refresh(), 401, 'unauthenticated');
    await expectRefusal(await me(browser), 401, 'unauthenticated');
  });

  it('holds nobody up when it cannot be written', async () => {
    const browser = await TestBrowser.signedIn(server, person);
    server.clock.advance(USE_SPACING_MS);
    const { db } = server.database.connection;
    await db?.command({ collMod: 'sessions', validator: { lastUsedAt: { $lt: new Date(server.clock.now()) } } });
    try {
      expect((await me(browser)).status).toBe(200);
      await vi.waitFor(
        () => expect(server.logLines.join('')).toContain('last use of a session could not be noted'),
        10_000,
      );
    } finally {
      await db?.command({ collMod: 'sessions', validator: {} });
    }
  });
});
