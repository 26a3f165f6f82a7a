import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import jwt from 'jsonwebtoken';
import { SESSION_COOKIE } from '../http/cookie.ts';
import { accountOf, expectRefusal } from '../testing/answers.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { SESSION_LIFETIME_MS } from './auth.service.ts';

let server: TestServer;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  patient = await server.person('patient', 'Pia Patient');
});
afterAll(() => server.close());

const login = (email: string, password: string, cookie?: string) =>
  server.call('POST', '/api/auth/login', { body: { email, password }, cookie });
const me = (cookie: string | undefined) => server.call('GET', '/api/auth/me', { cookie });

describe('sign-in (R30, R32, R46)', () => {
  it('answers with the account and sets a session cookie that scripts and other sites cannot use', async () => {
    const response = await login(patient.email, PASSWORD);
    const [cookie, ...more] = response.headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(new RegExp(`^${SESSION_COOKIE}=[\\w.-]+; path=/; expires=`));
    for (const flag of ['httponly', 'secure', 'samesite=strict']) expect(cookie).toContain(`; ${flag}`);
    expect(cookie?.toLowerCase()).not.toContain('domain');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await accountOf(response)).toEqual({
      id: patient.id,
      role: 'patient',
      name: patient.name,
      email: patient.email,
    });
  });

  it('takes the address in any case and with spaces around it', async () => {
    expect((await login(`  ${patient.email.toUpperCase()} `, PASSWORD)).status).toBe(200);
  });

  it('tells a wrong password and an unknown address apart in no way', async () => {
    const answers = await Promise.all(
      [await login(patient.email, 'wrong'), await login('nobody@test.example', PASSWORD)].map(async (response) => {
        expect(response.headers.getSetCookie()).toEqual([]);
        const text = await response.text();
        return { status: response.status, text: text.replace(/"requestId":"[^"]+"/, '') };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.text).toContain('signin_wrong');
  });

  it('works as hard for an unknown address as for a wrong password', async () => {
    const timeOf = async (email: string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const start = performance.now();
        await login(email, 'wrong');
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const strong = await server.person('patient', 'Slow Hash');
    const { hash } = await import('argon2');
    const passwordHash = await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    await server.database.connection
      .collection('accounts')
      .updateOne({ email: strong.email }, { $set: { passwordHash } });
    const [unknown, known] = [await timeOf('nobody@test.example'), await timeOf(strong.email)];
    expect(unknown).toBeGreaterThan(known / 2);
  });

  it('ends the session that the browser had before (A5)', async () => {
    const first = await server.signIn(patient);
    expect((await login(patient.email, PASSWORD, first)).status).toBe(200);
    await expectRefusal(await me(first), 401, 'unauthenticated');
  });
});

describe('the session', () => {
  it('is revoked by signing out, on the server', async () => {
    const cookie = await server.signIn(patient);
    expect((await accountOf(await me(cookie))).id).toBe(patient.id);
    const response = await server.call('POST', '/api/auth/logout', { cookie });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()[0]).toMatch(
      new RegExp(`^${SESSION_COOKIE}=; path=/; expires=Thu, 01 Jan 1970`),
    );
    await expectRefusal(await me(cookie), 401, 'unauthenticated');
  });

  it('leaves other sessions of the account alone', async () => {
    const [one, other] = [await server.signIn(patient), await server.signIn(patient)];
    await server.call('POST', '/api/auth/logout', { cookie: one });
    expect((await me(other)).status).toBe(200);
  });

  it('lets anybody sign out, also twice', async () => {
    const cookie = await server.signIn(patient);
    for (const given of [undefined, cookie, cookie, `${SESSION_COOKIE}=nonsense`]) {
      expect((await server.call('POST', '/api/auth/logout', { cookie: given })).status).toBe(200);
    }
  });

  it('takes the role from the database, not from the token', async () => {
    const person = await server.person('patient', 'Promoted Person');
    const cookie = await server.signIn(person);
    expect((await server.call('GET', '/api/appointments/doctor', { cookie })).status).toBe(403);
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: person.email }, { $set: { role: 'doctor' } });
    expect((await server.call('GET', '/api/appointments/doctor', { cookie })).status).toBe(200);
    await accounts.deleteOne({ email: person.email });
    await expectRefusal(await me(cookie), 401, 'unauthenticated');
  });

  it('ends after its lifetime, to the second', async () => {
    const cookie = await server.signIn(patient);
    const now = server.clock.now();
    server.clock.set(now + SESSION_LIFETIME_MS - 1000);
    expect((await me(cookie)).status).toBe(200);
    server.clock.set(now + SESSION_LIFETIME_MS);
    await expectRefusal(await me(cookie), 401, 'unauthenticated');
    server.clock.set(now);
  });
});

describe('forged tokens (A2, R33)', () => {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

  it('are all refused', async () => {
    const cookie = await server.signIn(patient);
    const token = cookie.slice(cookie.indexOf('=') + 1);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (typeof claims !== 'object' || claims === null) throw new TypeError('A token has claims');
    const hmac = (text: string, key: string): string => createHmac('sha256', key).update(text).digest('base64url');
    const wrongKey = `${header}.${payload}.${hmac(`${header}.${payload}`, 'guess')}`;
    const none = `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`;
    const byMedia = jwt.sign(claims, server.node.privateKey, { algorithm: 'ES256' });
    const cut = `${header}.${payload}.${signature.slice(0, -4)}`;
    const notJson = `${encode({ alg: 'HS256', typ: 'JWT' })}.${Buffer.from('no json').toString('base64url')}.AAAA`;
    const forged = [
      notJson,
      wrongKey,
      none,
      `${none}${signature}`,
      byMedia,
      cut,
      `${header}.${payload}`,
      'a.b.c',
      '',
      '..',
    ];
    for (const value of forged) await expectRefusal(await me(`${SESSION_COOKIE}=${value}`), 401, 'unauthenticated');
    expect((await me(cookie)).status).toBe(200);
  });
});
