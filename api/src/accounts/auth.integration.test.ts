import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import jwt from 'jsonwebtoken';
import { DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE } from '../http/cookie.ts';
import { accountOf, expectRefusal, signedInAccountOf } from '../testing/answers.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { ACCESS_LIFETIME_MS } from './session.service.ts';

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
  it('answers with the account and sets cookies that scripts and other sites cannot use', async () => {
    const response = await login(patient.email, PASSWORD);
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=', 1)[0])).toEqual([SESSION_COOKIE, REFRESH_COOKIE, DEVICE_COOKIE]);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-hc_\w+=[\w.-]+; path=\/; expires=/);
      for (const flag of ['httponly', 'secure', 'samesite=strict']) expect(cookie).toContain(`; ${flag}`);
      expect(cookie.toLowerCase()).not.toContain('domain');
    }
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { id, name, email } = patient;
    expect(await signedInAccountOf(response)).toEqual({
      id,
      role: 'patient',
      name,
      email,
      status: 'active',
      avatarId: null,
      timeZone: null,
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

  it('ends the session that the browser had before (A5)', async () => {
    const first = await server.signIn(patient);
    const response = await login(patient.email, PASSWORD, first);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()[0]).not.toContain(first);
    await expectRefusal(await me(first), 401, 'unauthenticated');
  });

  it('takes over nothing that the browser brought along (A5)', async () => {
    const planted = `${SESSION_COOKIE}=planted; ${REFRESH_COOKIE}=planted`;
    const response = await login(patient.email, PASSWORD, planted);
    expect(response.headers.getSetCookie().join()).not.toContain('planted');
    await expectRefusal(await me(planted), 401, 'unauthenticated');
  });

  it('is refused to accounts that are closed or not confirmed, after the password only', async () => {
    const accounts = server.database.connection.collection('accounts');
    for (const [status, code] of [
      ['disabled', 'account_disabled'],
      ['unconfirmed', 'email_unconfirmed'],
    ] as const) {
      const person = await server.person('patient', 'Paul Refused');
      const cookie = await server.signIn(person);
      await accounts.updateOne({ email: person.email }, { $set: { status } });
      await expectRefusal(await me(cookie), 401, 'unauthenticated');
      await expectRefusal(await login(person.email, PASSWORD), 403, code);
      await expectRefusal(await login(person.email, 'wrong'), 401, 'signin_wrong');
    }
  });
});

describe('the session', () => {
  it('is revoked by signing out, on the server', async () => {
    const cookie = await server.signIn(patient);
    expect((await accountOf(await me(cookie))).id).toBe(patient.id);
    const response = await server.call('POST', '/api/auth/logout', { cookie });
    expect(response.status).toBe(200);
    for (const cleared of response.headers.getSetCookie())
      expect(cleared).toMatch(/^__Host-hc_\w+=; path=\/; expires=Thu, 01 Jan 1970/);
    expect(response.headers.getSetCookie()).toHaveLength(2);
    await expectRefusal(await me(cookie), 401, 'unauthenticated');
  });

  it('leaves other sessions of the account alone', async () => {
    const [one, other] = [await server.signIn(patient), await server.signIn(patient)];
    await server.call('POST', '/api/auth/logout', { cookie: one });
    expect((await me(other)).status).toBe(200);
  });

  it('lets anybody sign out, also twice', async () => {
    const cookie = await server.signIn(patient);
    for (const given of [undefined, cookie, cookie, `${SESSION_COOKIE}=nonsense; ${REFRESH_COOKIE}=nonsense`]) {
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

  it('needs a new access token after 12 minutes, to the second', async () => {
    const cookie = await server.signIn(patient);
    const now = server.clock.now();
    server.clock.set(now + ACCESS_LIFETIME_MS - 1000);
    expect((await me(cookie)).status).toBe(200);
    server.clock.set(now + ACCESS_LIFETIME_MS);
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
