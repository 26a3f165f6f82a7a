import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { nextMail } from '../testing/inbox.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';

const NEW_PASSWORD = 'nine lemons in the rain';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
});
afterAll(() => server.close());

const change = (browser: TestBrowser, currentPassword: string, newPassword: string) =>
  browser.call('POST', '/api/auth/password/change', { body: { currentPassword, newPassword } });
const administratorCookie = async () => server.signIn(await server.person('administrator', 'Ada'));
const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');

async function hashOf(person: Person): Promise<unknown> {
  const stored = await server.database.connection.collection('accounts').findOne({ email: person.email });
  return stored?.['passwordHash'];
}

describe('changing the password (R32)', () => {
  it('takes the new one and ends every other session, sockets included (A4)', async () => {
    const person = await server.person('patient', 'Chan Ger');
    const [browser, other] = [await TestBrowser.signedIn(server, person), await TestBrowser.signedIn(server, person)];
    const socket = await AppSocketClient.connect(server.url, other.cookie);
    const gone = socket.next('disconnect');
    expect((await change(browser, PASSWORD, NEW_PASSWORD)).status).toBe(200);
    await gone;
    expect((await me(browser)).status).toBe(200);
    await expectRefusal(await me(other), 401, 'unauthenticated');
    await expectRefusal(await other.refresh(), 401, 'unauthenticated');
    const entries = server.database.connection.collection('audit_entries');
    expect(await entries.countDocuments({ accountId: person.id, detail: 'password_changed' })).toBe(1);
    expect((await nextMail(server, await administratorCookie(), person.email)).subject).toBe(
      'Your password was changed',
    );
    await expectRefusal(await new TestBrowser(server).signIn(person.email), 401, 'signin_wrong');
    expect((await new TestBrowser(server).signIn(person.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('needs the current one', async () => {
    const person = await server.person('patient', 'Wrong Current');
    const browser = await TestBrowser.signedIn(server, person);
    const before = await hashOf(person);
    await expectRefusal(await change(browser, 'wrong', NEW_PASSWORD), 403, 'password_wrong');
    expect(await hashOf(person)).toBe(before);
    const entries = server.database.connection.collection('audit_entries');
    expect(await entries.findOne({ accountId: person.id, detail: 'password_wrong' })).toMatchObject({
      action: 'failure',
      outcome: 'refused',
    });
  });

  it('refuses what is too short, too long or common, and takes any other text', async () => {
    const person = await server.person('patient', 'Choo Sy');
    const browser = await TestBrowser.signedIn(server, person);
    for (const password of ['short', 'x'.repeat(129)])
      await expectRefusal(await change(browser, PASSWORD, password), 400, 'validation_failed');
    for (const password of ['password1234', '1qaz2wsx3edc', person.email])
      await expectRefusal(await change(browser, PASSWORD, password), 400, 'password_common');
    const unusual = '  Ünï çødé 🔑 \u0000 text  ';
    expect((await change(browser, PASSWORD, unusual)).status).toBe(200);
    expect((await new TestBrowser(server).signIn(person.email, unusual.normalize('NFD'))).status).toBe(200);
  });

  it('throttles guesses of the current one, and lets nothing through meanwhile', async () => {
    const person = await server.person('patient', 'Guess Ed');
    const browser = await TestBrowser.signedIn(server, person);
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess += 1) statuses.push((await change(browser, 'wrong', NEW_PASSWORD)).status);
    expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(9);
    const refused = await change(browser, PASSWORD, NEW_PASSWORD);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectRefusal(refused, 429, 'rate_limited');
  });
});

describe('stored hashes (R32)', () => {
  it('are renewed at sign-in when they were made with weaker parameters', async () => {
    const person = await server.person('patient', 'Weak Hash');
    expect(await hashOf(person)).toContain('m=1024');
    await TestBrowser.signedIn(server, person);
    const renewed = await hashOf(person);
    expect(renewed).toContain('m=19456');
    await TestBrowser.signedIn(server, person);
    expect(await hashOf(person)).toBe(renewed);
  });
});

describe('a flood of sign-ins (A7)', () => {
  it('leaves other routes their time, and memory bounded', async () => {
    const person = await server.person('patient', 'By Stander');
    const browser = await TestBrowser.signedIn(server, person);
    const rssBefore = process.memoryUsage.rss();
    const flood = { over: false };
    const answers = Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        server.call('POST', '/api/auth/login', {
          body: { email: `wave.${index}@test.example`, password: 'wrong' },
          headers: { 'x-forwarded-for': `198.51.100.${index}` },
        }),
      ),
    ).finally(() => {
      flood.over = true;
    });
    const timesMs: number[] = [];
    while (!flood.over) {
      const start = performance.now();
      expect((await me(browser)).status).toBe(200);
      timesMs.push(performance.now() - start);
    }
    await answers;
    const sorted = timesMs.sort((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(3);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(500);
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(300 * 1024 * 1024);
  });

  it('is refused by 503 with Retry-After once the queue is full', async () => {
    const attempts = Array.from({ length: 200 }, (_, index) =>
      server.call('POST', '/api/auth/login', {
        body: { email: `flood.${index}@test.example`, password: 'wrong' },
        headers: { 'x-forwarded-for': `203.0.113.${index}` },
      }),
    );
    const answers = await Promise.all(attempts);
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    for (const answer of busy) expect(answer.headers.get('retry-after')).toBe('5');
    expect(answers.every(({ status }) => status === 503 || status === 401)).toBe(true);
    const tried = answers.filter(({ status }) => status === 401);
    expect(tried.length).toBeGreaterThan(0);
    // Who was sent away has lost no attempt.
    const counts = server.database.connection.collection('rateLimits');
    expect(await counts.countDocuments({ key: /^signin:network:burst:203\.0\.113\./ })).toBe(tried.length);
  });
});
