import { randomBytes, randomUUID } from 'node:crypto';
import { sessionSchema } from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { accountOf, expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { ACCESS_LIFETIME_MS, REFRESH_GRACE_MS, SESSION_LIFETIME_MS } from './session.service.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';

let server: TestServer;
let doctor: Person;
let patient: Person;
const open: AppSocketClient[] = [];

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
  doctor = await server.person('doctor', 'Dr. Dora');
  patient = await server.person('patient', 'Pia Patient');
  await server.report(server.node.heartbeat());
});
afterAll(() => server.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');

async function connect(browser: TestBrowser): Promise<AppSocketClient> {
  const socket = await AppSocketClient.connect(server.url, browser.cookie);
  open.push(socket);
  return socket;
}

async function sessionsOf(browser: TestBrowser) {
  const response = await browser.call('GET', '/api/auth/sessions');
  expect(response.status).toBe(200);
  return z.strictObject({ sessions: z.array(sessionSchema.strict()) }).parse(await response.json()).sessions;
}

describe('the refresh token (R30, RFC 9700)', () => {
  it('is exchanged for new cookies, and the session goes on for seven days from then', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const [access, refresh, start] = [browser.access, browser.refreshToken, server.clock.now()];
    for (let round = 1; round <= 3; round += 1) {
      server.clock.advance(SESSION_LIFETIME_MS - 1000);
      browser.forgetAccess();
      expect((await accountOf(await browser.refresh())).id).toBe(patient.id);
      expect((await me(browser)).status).toBe(200);
    }
    expect([browser.access, browser.refreshToken]).not.toContain(access);
    expect(browser.refreshToken).not.toBe(refresh);
    server.clock.advance(SESSION_LIFETIME_MS);
    await expectRefusal(await browser.refresh(), 401, 'unauthenticated');
    server.clock.set(start);
  });

  it('is stored by its hash only', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    await browser.refresh();
    const stored = JSON.stringify(await server.database.connection.collection('sessions').find().toArray());
    for (const part of browser.refreshToken.split('.').slice(2)) expect(stored).not.toContain(part);
  });

  it('that is replayed ends the session, for the thief and for the robbed (A3)', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const bystander = await TestBrowser.signedIn(server, patient);
    const socket = await connect(browser);
    const thief = browser.copy();
    expect((await browser.refresh()).status).toBe(200);
    server.clock.advance(REFRESH_GRACE_MS + 1);
    const ended = socket.next('session.ended');
    await expectRefusal(await thief.refresh(), 401, 'unauthenticated');
    await ended;
    await expectRefusal(await me(browser), 401, 'unauthenticated');
    await expectRefusal(await browser.refresh(), 401, 'unauthenticated');
    expect((await me(bystander)).status).toBe(200);
  });

  it('of two generations before ends the session also within the grace (A3)', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const thief = browser.copy();
    expect((await browser.refresh()).status).toBe(200);
    expect((await browser.refresh()).status).toBe(200);
    await expectRefusal(await thief.refresh(), 401, 'unauthenticated');
    await expectRefusal(await me(browser), 401, 'unauthenticated');
  });

  it('gives a second tab that races the same successor, once', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const tabs = [browser.copy(), browser.copy()];
    expect((await browser.refresh()).status).toBe(200);
    expect((await tabs[0]?.refresh())?.status).toBe(200);
    expect(tabs[0]?.refreshToken).toBe(browser.refreshToken);
    await expectRefusal(await (tabs[1] ?? browser).refresh(), 409, 'conflict');
    expect((await me(browser)).status).toBe(200);
  });

  it('presented 50 times at once leaves exactly one valid chain (A3)', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const tabs = Array.from({ length: 50 }, () => browser.copy());
    const answers = await Promise.all(tabs.map((tab) => tab.refresh()));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, ...Array.from({ length: 48 }, () => 409)]);
    const successors = new Set(tabs.map((tab) => tab.refreshToken).filter((token) => token !== browser.refreshToken));
    expect(successors.size).toBe(1);
    const [winner] = tabs.filter((tab) => tab.refreshToken !== browser.refreshToken);
    expect((await winner?.refresh())?.status).toBe(200);
    server.clock.advance(REFRESH_GRACE_MS + 1);
    await expectRefusal(await browser.refresh(), 401, 'unauthenticated');
  });

  it('that is forged ends nothing (A2)', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const [id = '', generation = '', secret = '', mac = ''] = browser.refreshToken.split('.');
    const random = (): string => randomBytes(32).toString('base64url');
    const forged = [
      `${id}.${generation}.${random()}.${random()}`,
      `${id}.${generation}.${secret}.${random()}`,
      `${id}.1.${secret}.${mac}`,
      `${randomUUID()}.${generation}.${secret}.${mac}`,
      `${id}.${generation}.${secret}`,
      `${id}.${generation}.${secret}.`,
      `${browser.refreshToken}.x`,
      browser.access,
      '',
      '...',
    ];
    for (const token of forged) {
      const cookie = `__Host-hc_refresh=${token}`;
      await expectRefusal(await server.call('POST', '/api/auth/refresh', { cookie }), 401, 'unauthenticated');
    }
    // Nor does either token stand in for the other.
    const swapped = `__Host-hc_session=${browser.refreshToken}; __Host-hc_refresh=${browser.access}`;
    await expectRefusal(await server.call('GET', '/api/auth/me', { cookie: swapped }), 401, 'unauthenticated');
    expect((await me(browser)).status).toBe(200);
    expect((await browser.refresh()).status).toBe(200);
  });

  it('is dead after a new sign-in and after signing out, also with the access cookie gone (A5)', async () => {
    const browser = await TestBrowser.signedIn(server, patient);
    const old = browser.copy();
    browser.forgetAccess();
    expect((await browser.signIn(patient.email)).status).toBe(200);
    await expectRefusal(await old.refresh(), 401, 'unauthenticated');
    const signedOut = browser.copy();
    browser.forgetAccess();
    expect((await browser.call('POST', '/api/auth/logout')).status).toBe(200);
    expect([browser.access, browser.refreshToken]).toEqual(['', '']);
    await expectRefusal(await signedOut.refresh(), 401, 'unauthenticated');
    await expectRefusal(await me(signedOut), 401, 'unauthenticated');
  });

  it('of a disabled account is worth nothing (A4)', async () => {
    const person = await server.person('patient', 'Dis Abled');
    const browser = await TestBrowser.signedIn(server, person);
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: person.email }, { $set: { status: 'disabled' } });
    await expectRefusal(await browser.refresh(), 401, 'unauthenticated');
  });
});

describe('the app socket', () => {
  it('outlives its access token while the session lives', async () => {
    const browser = await TestBrowser.signedIn(server, doctor);
    const socket = await connect(browser);
    const consultationId = await server.appointment(doctor, patient);
    const start = server.clock.now();
    server.clock.advance(ACCESS_LIFETIME_MS + 1000);
    await expectRefusal(await me(browser), 401, 'unauthenticated');
    expect(await socket.request('consultation.watch', { consultationId })).toMatchObject({ ok: true });
    server.clock.set(start);
  });

  it('cannot be opened with an expired access token', async () => {
    const browser = await TestBrowser.signedIn(server, doctor);
    const start = server.clock.now();
    server.clock.advance(ACCESS_LIFETIME_MS);
    await expect(AppSocketClient.connect(server.url, browser.cookie)).rejects.toThrow('unauthenticated');
    server.clock.set(start);
  });
});

describe('devices', () => {
  it('are listed by words, last used first, for their owner only', async () => {
    const person = await server.person('patient', 'Two Devices');
    const computer = await TestBrowser.signedIn(server, person, { 'user-agent': FIREFOX });
    server.clock.advance(60_000);
    const phone = await TestBrowser.signedIn(server, person, { 'user-agent': PHONE });
    // The phone's own use is not noted again within a minute: `last-use.integration.test.ts`.
    expect(await sessionsOf(phone)).toMatchObject([
      { device: { browser: 'Safari', system: 'iOS', kind: 'phone' }, current: true },
      { device: { browser: 'Firefox', system: 'Linux', kind: 'computer' }, current: false },
    ]);
    server.clock.advance(30_000);
    await computer.refresh();
    const [first, second] = await sessionsOf(phone);
    expect(first).toMatchObject({ current: false, device: { browser: 'Firefox' } });
    expect(Date.parse(first?.lastUsedAt ?? '')).toBe(server.clock.now());
    expect(second?.current).toBe(true);
  });

  it('keep their network coarse, and no user agent', async () => {
    const person = await server.person('patient', 'Coarse Network');
    await TestBrowser.signedIn(server, person, { 'user-agent': FIREFOX, 'x-forwarded-for': '203.0.113.77' });
    const sessions = server.database.connection.collection('sessions');
    const stored = await sessions.findOne({ network: '203.0.113.0/24' });
    expect(stored).not.toBeNull();
    const everything = JSON.stringify(await sessions.find().toArray());
    expect(everything).not.toContain('203.0.113.77');
    expect(everything).not.toContain('Gecko');
  });

  it('are signed out one by one, and no one else’s', async () => {
    const [mine, other] = [await TestBrowser.signedIn(server, patient), await TestBrowser.signedIn(server, patient)];
    const stranger = await TestBrowser.signedIn(server, doctor);
    const id = (await sessionsOf(other)).find(({ current }) => current)?.id ?? '';
    await expectRefusal(await stranger.call('DELETE', `/api/auth/sessions/${id}`), 404, 'not_found');
    await expectRefusal(await mine.call('DELETE', `/api/auth/sessions/${randomUUID()}`), 404, 'not_found');
    await expectRefusal(await mine.call('DELETE', '/api/auth/sessions/nonsense'), 400, 'validation_failed');
    expect((await me(other)).status).toBe(200);
    expect((await mine.call('DELETE', `/api/auth/sessions/${id}`)).status).toBe(200);
    await expectRefusal(await me(other), 401, 'unauthenticated');
    await expectRefusal(await other.refresh(), 401, 'unauthenticated');
    expect((await me(mine)).status).toBe(200);
  });

  it('are all signed out but this one', async () => {
    const person = await server.person('patient', 'Three Devices');
    const browsers = [
      await TestBrowser.signedIn(server, person),
      await TestBrowser.signedIn(server, person),
      await TestBrowser.signedIn(server, person),
    ];
    const response = await browsers[1]?.call('POST', '/api/auth/sessions/end-others');
    expect(await response?.json()).toEqual({ ended: 2 });
    expect(await Promise.all(browsers.map(async (browser) => (await me(browser)).status))).toEqual([401, 200, 401]);
  });
});

describe('the end of a session (A4)', () => {
  const removal = (room: string, person: Person): string =>
    `POST /control/rooms/${room}/participants/${person.id}/remove`;

  /** Somebody in a call, on one of two devices. */
  async function inCall() {
    const person = await server.person('patient', 'Caller');
    const room = await server.appointment(doctor, person);
    const [inside, outside] = [await TestBrowser.signedIn(server, person), await TestBrowser.signedIn(server, person)];
    expect((await inside.call('POST', `/api/consultations/${room}/join`)).status).toBe(200);
    const peer = { peerId: randomUUID(), participantId: person.id, name: person.name, party: 'patient' as const };
    await server.report({ type: 'peer.joined', room, ...peer });
    return { person, room, inside, outside };
  }

  it.each(['signing out', 'revoking the device', 'ending all others'])(
    'by %s closes its sockets and takes it out of the call',
    async (way) => {
      const { person, room, inside, outside } = await inCall();
      const [socket, other] = [await connect(inside), await connect(outside)];
      const gone = socket.next('disconnect');
      const id = (await sessionsOf(inside)).find(({ current }) => current)?.id ?? '';
      const start = performance.now();
      if (way === 'signing out') await inside.call('POST', '/api/auth/logout');
      else if (way === 'revoking the device') await outside.call('DELETE', `/api/auth/sessions/${id}`);
      else await outside.call('POST', '/api/auth/sessions/end-others');
      await gone;
      await vi.waitFor(() => expect(server.node.commands).toContain(removal(room, person)), 10_000);
      expect(performance.now() - start).toBeLessThan(5000);
      expect(other.socket.connected).toBe(true);
      await expectRefusal(await inside.call('POST', `/api/consultations/${room}/join`), 401, 'unauthenticated');
    },
  );

  it('leaves a call alone that another device of the account is in', async () => {
    const { person, room, outside } = await inCall();
    await outside.call('POST', '/api/auth/logout');
    expect(server.node.commands).not.toContain(removal(room, person));
  });

  it('follows the place to the device that joined last', async () => {
    const { person, room, inside, outside } = await inCall();
    expect((await outside.call('POST', `/api/consultations/${room}/join`)).status).toBe(200);
    await inside.call('POST', '/api/auth/logout');
    expect(server.node.commands).not.toContain(removal(room, person));
    await outside.call('POST', '/api/auth/logout');
    expect(server.node.commands).toContain(removal(room, person));
  });

  it('reaches the media node later when it cannot be told now', async () => {
    const { person, room, inside } = await inCall();
    server.node.failing = true;
    expect((await inside.call('POST', '/api/auth/logout')).status).toBe(200);
    server.node.failing = false;
    expect(server.node.commands).not.toContain(removal(room, person));
    await server.application.sweep();
    expect(server.node.commands).toContain(removal(room, person));
  });

  it('takes out who enters with a token that was made a moment before', async () => {
    const { person, room, inside } = await inCall();
    await inside.call('POST', '/api/auth/logout');
    const commands = server.node.commands.length;
    const peer = { peerId: randomUUID(), participantId: person.id, name: person.name, party: 'patient' as const };
    await server.report({ type: 'peer.joined', room, ...peer });
    expect(server.node.commands.slice(commands)).toContain(removal(room, person));
  });
});
