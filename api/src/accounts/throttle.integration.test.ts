import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { SIGN_IN_LIMITS, SignInThrottle } from './sign-in-throttle.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
});
afterAll(() => server.close());

const login = (email: string, password: string, address: string) =>
  server.call('POST', '/api/auth/login', { body: { email, password }, headers: { 'x-forwarded-for': address } });

async function times<T>(count: number, width: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < count; at += width) {
    results.push(...(await Promise.all(Array.from({ length: width }, (_, index) => work(at + index)))));
  }
  return results;
}

const codesOf = (answers: readonly Response[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
};

describe('guessing passwords (A6)', () => {
  let victim: Person;
  beforeAll(async () => {
    victim = await server.person('patient', 'Vic Tim');
  });

  it('1,000 times from one network gets a handful of tries, and the person signs in from elsewhere meanwhile', async () => {
    const guesses = await times(1000, 50, (index) => login(victim.email, `guess ${index}`, '203.0.113.5'));
    const codes = codesOf(guesses);
    expect(codes.get(401)).toBeLessThanOrEqual(SIGN_IN_LIMITS.accountAndNetwork.burst + 2);
    expect([...codes.keys()].sort()).toEqual([401, 429]);
    const refused = await login(victim.email, PASSWORD, '203.0.113.5');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(SIGN_IN_LIMITS.accountAndNetwork.refillSeconds);
    await expectRefusal(refused, 429, 'rate_limited');
    expect((await login(victim.email, PASSWORD, '192.0.2.1')).status).toBe(200);
  });

  it('counts addresses of one IPv6 /64 as one', async () => {
    const address = (index: number): string => `2001:db8:0:7::${index.toString(16)}`;
    const guesses = await times(20, 4, (index) => login(victim.email, 'guess', address(index + 1)));
    expect(codesOf(guesses).get(401)).toBeLessThanOrEqual(SIGN_IN_LIMITS.accountAndNetwork.burst + 1);
    expect((await login(victim.email, PASSWORD, '2001:db8:0:8::1')).status).toBe(200);
  });

  it('spread over many accounts from one network is refused there alone', async () => {
    const throttle = SignInThrottle.create(server.database.connection);
    const guesses = await Promise.allSettled(
      Array.from({ length: 360 }, (_, index) => throttle.signIn(`account.${index}@test.example`, '203.0.113.99/32')),
    );
    expect(guesses.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(40);
    expect((await login(victim.email, PASSWORD, '192.0.2.3')).status).toBe(200);
  });

  it('treats known and unknown addresses alike, in answer and in time', async () => {
    const known = await server.person('patient', 'Known Person');
    expect((await login(known.email, PASSWORD, '192.0.2.4')).status).toBe(200);
    const timeOf = async (email: string, round: number): Promise<number> => {
      const start = performance.now();
      expect((await login(email, 'wrong', `192.0.2.${50 + round}`)).status).toBe(401);
      return performance.now() - start;
    };
    const measured: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = 0; round < 21; round += 1) {
      measured.known.push(await timeOf(known.email, round));
      measured.unknown.push(await timeOf('nobody@test.example', round));
    }
    const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const ratio = median(measured.known) / median(measured.unknown);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
    const [one, other] = await Promise.all(
      [known.email, 'nobody@test.example'].map((email) =>
        times(12, 1, () => login(email, 'wrong', '203.0.113.44')).then((answers) =>
          answers.map(({ status }) => status),
        ),
      ),
    );
    expect(one).toEqual(other);
    expect(one?.at(-1)).toBe(429);
  });
});

describe('an empty bucket', () => {
  it('fills again by itself', async () => {
    const second = { windowSeconds: 1, refillSeconds: 1 };
    const throttle = SignInThrottle.create(server.database.connection, {
      accountAndNetwork: { name: 'test:pair', burst: 2, ...second },
      network: { name: 'test:network', burst: 100, ...second },
      account: { name: 'test:account', burst: 100, ...second },
      confirmation: { name: 'test:confirm', burst: 2, ...second },
      knownDevice: { name: 'test:device', burst: 2, ...second },
    });
    const attempts = [
      () => throttle.signIn('one@test.example', '192.0.2.0/32'),
      () => throttle.confirmation('0123456789abcdef01234567'),
    ];
    for (const attempt of attempts) {
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, attempt));
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused.length).toBe(7);
      for (const outcome of refused)
        expect(outcome).toMatchObject({ reason: { code: 'rate_limited', retryAfterSeconds: 1 } });
      await vi.waitFor(attempt, { timeout: 5000, interval: 100 });
    }
  });

  it('is emptied for a success', async () => {
    const person = await server.person('patient', 'Forget Ful');
    for (let round = 0; round < 4; round += 1) {
      for (let guess = 0; guess < 6; guess += 1) await login(person.email, 'wrong', '192.0.2.200');
      expect((await login(person.email, PASSWORD, '192.0.2.200')).status).toBe(200);
    }
  });

  it('stores neither addresses nor networks of unknown accounts in the clear, and forgets', async () => {
    await login('canary.address@test.example', 'wrong', '192.0.2.201');
    const limits = server.database.connection.collection('rateLimits');
    expect(JSON.stringify(await limits.find().toArray())).not.toContain('canary.address');
    const indexes = await limits.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expire: 1 }, expireAfterSeconds: 0 }));
    expect(indexes).toContainEqual(expect.objectContaining({ key: { key: 1 }, unique: true }));
  });
});
