import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_COOKIE } from '../http/cookie.ts';
import { expectRefusal } from '../testing/answers.ts';
import { administratorOf, nextMail, tokenOf } from '../testing/inbox.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { SIGN_IN_LIMITS } from './sign-in-throttle.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
});
afterAll(() => server.close());

const NETWORKS = 1000;
/** As many as the server takes on at once. */
const AT_ONCE = 40;
const network = (index: number): string => `198.${18 + Math.floor(index / 250)}.${index % 250}.9`;
const from = (address: string): TestBrowser => new TestBrowser(server, { 'x-forwarded-for': address });

/** One guess from each of so many networks. @returns how many were looked at, that is answered by 401 */
async function guessFromEverywhere(email: string): Promise<number> {
  let lookedAt = 0;
  for (let at = 0; at < NETWORKS; at += AT_ONCE) {
    const guesses = Array.from({ length: AT_ONCE }, (_, index) =>
      from(network(at + index)).signIn(email, `guess ${at + index}`),
    );
    for (const { status } of await Promise.all(guesses)) {
      if (status === 401) lookedAt += 1;
      else expect(status).toBe(429);
    }
  }
  return lookedAt;
}

describe('an account that 1,000 networks guess at (A6)', () => {
  let victim: Person;
  let known: TestBrowser;
  const startedAt = Date.now();
  /** What the bucket of the account gives, whatever happens. */
  const allowed = (): number => {
    const { burst, refillSeconds } = SIGN_IN_LIMITS.account;
    return burst + Math.ceil((Date.now() - startedAt) / (refillSeconds * 1000)) + 1;
  };

  beforeAll(async () => {
    victim = await server.person('patient', 'Vic Tim');
    known = from('192.0.2.1');
    expect((await known.signIn(victim.email)).status).toBe(200);
    await known.call('POST', '/api/auth/logout');
  });

  it('is guessed at about a hundred times an hour at most, however often they come', async () => {
    const { burst, refillSeconds, windowSeconds } = SIGN_IN_LIMITS.account;
    expect(burst + windowSeconds / refillSeconds).toBeLessThanOrEqual(100);
    const lookedAt = [await guessFromEverywhere(victim.email), await guessFromEverywhere(victim.email)];
    expect(lookedAt[0]).toBeGreaterThanOrEqual(burst);
    expect((lookedAt[0] ?? 0) + (lookedAt[1] ?? 0)).toBeLessThanOrEqual(allowed());
  });

  it('lets its owner in at once where they have signed in before, whichever network they are in', async () => {
    const attack = guessFromEverywhere(victim.email);
    for (let round = 0; round < 5; round += 1) {
      await known.call('POST', '/api/auth/logout');
      const elsewhere = await known.call('POST', '/api/auth/login', {
        body: { email: victim.email, password: PASSWORD },
        headers: { 'x-forwarded-for': network(round) },
      });
      expect(elsewhere.status).toBe(200);
    }
    await attack;
  });

  it('lets its owner in elsewhere by a mail', async () => {
    const elsewhere = from('192.0.2.77');
    const refused = await elsewhere.signIn(victim.email);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(SIGN_IN_LIMITS.account.refillSeconds);
    await expectRefusal(refused, 429, 'rate_limited');
    const administrator = await administratorOf(server);
    await elsewhere.call('POST', '/api/auth/password/forgot', { body: { email: victim.email } });
    const token = tokenOf(await nextMail(server, administrator, victim.email));
    const password = 'seven kites over the harbour';
    const reset = await elsewhere.call('POST', '/api/auth/password/reset', { body: { token, password } });
    expect(reset.status).toBe(200);
    expect((await elsewhere.signIn(victim.email, password)).status).toBe(200);
    await expectRefusal(await from('192.0.2.78').signIn(victim.email, password), 429, 'rate_limited');
  });

  it('bounds guesses from a browser that was stolen, too', async () => {
    const { burst, refillSeconds } = SIGN_IN_LIMITS.knownDevice;
    const person = await server.person('patient', 'Sto Len');
    const stolen = await TestBrowser.signedIn(server, person, { 'x-forwarded-for': '203.0.113.1' });
    const answers: number[] = [];
    for (let guess = 0; guess < burst + SIGN_IN_LIMITS.accountAndNetwork.burst + 10; guess += 1)
      answers.push((await stolen.signIn(person.email, `guess ${guess}`)).status);
    const lookedAt = answers.filter((status) => status === 401).length;
    // Its own, and those of anybody in its network.
    const elapsed = Math.ceil((Date.now() - startedAt) / (refillSeconds * 1000));
    expect(lookedAt).toBeLessThanOrEqual(burst + SIGN_IN_LIMITS.accountAndNetwork.burst + 2 * elapsed);
    expect(answers.at(-1)).toBe(429);
  });
});

describe('the mark of a browser', () => {
  const markOf = ({ cookie }: TestBrowser): string | undefined =>
    cookie.split('; ').find((pair) => pair.startsWith(DEVICE_COOKIE));

  it('is kept from scripts and other sites, tells nobody’s address, and stays after the sign-out', async () => {
    const person = await server.person('patient', 'Mark Ed');
    const browser = from('192.0.2.9');
    const response = await browser.signIn(person.email);
    const line = response.headers.getSetCookie().find((each) => each.startsWith(DEVICE_COOKIE)) ?? '';
    for (const word of ['httponly', 'secure', 'samesite=strict', 'path=/']) expect(line.toLowerCase()).toContain(word);
    expect(line).not.toContain(person.email);
    const mark = markOf(browser);
    expect((await browser.call('POST', '/api/auth/logout')).status).toBe(200);
    expect(markOf(browser)).toBe(mark);
  });

  it('comes with the renewal of a session from before there were marks', async () => {
    const person = await server.person('patient', 'Ear Lier');
    const browser = await TestBrowser.signedIn(server, person, { 'x-forwarded-for': '192.0.2.10' });
    const mark = markOf(browser);
    expect((await browser.refresh()).status).toBe(200);
    expect(markOf(browser)).toBe(mark);
    browser.forget(DEVICE_COOKIE);
    expect((await browser.refresh()).status).toBe(200);
    expect(markOf(browser)).toBeDefined();
  });

  it('is not given for a wrong password, nor before the second step', async () => {
    const person = await server.person('patient', 'No Mark');
    const browser = from('192.0.2.11');
    await browser.signIn(person.email, 'wrong');
    expect(browser.cookie).toBe('');
  });
});
