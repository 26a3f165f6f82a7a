import { randomUUID } from 'node:crypto';
import { authenticatorSetupSchema, managedAccountSchema, sessionSchema, type Role } from '@health-connect/contract';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { newAddress, nextMail, tokenOf } from '../testing/inbox.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { TestNews } from '../testing/test-news.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';

const NEW_PASSWORD = 'nine lemons in the rain';
const ABSENT = 'f'.repeat(24);

let server: TestServer;
let admin: Person;
let cookie: string;
let doctor: Person;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
  await server.report(server.node.heartbeat());
  admin = await server.person('administrator', 'Ada Admin');
  doctor = await server.person('doctor', 'Dr. Dora');
  cookie = await server.signIn(admin);
});
afterAll(() => server.close());

const control = (method: string, id: string, path: string, body?: object, by = cookie) =>
  server.call(method, `/api/admin/accounts/${id}/${path}`, { cookie: by, body });
const changeRole = (id: string, role: string, by = cookie) => control('POST', id, 'role', { role }, by);
const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');
const entriesOf = (detail: string, resourceId: string) =>
  server.database.connection.collection('audit_entries').find({ detail, resourceId }).toArray();

async function accountOf(response: Response) {
  expect(response.status).toBe(200);
  return z.strictObject({ account: managedAccountSchema.strict() }).parse(await response.json()).account;
}

async function sessionsOf(id: string) {
  const response = await control('GET', id, 'sessions');
  expect(response.status).toBe(200);
  return z.strictObject({ sessions: z.array(sessionSchema.strict()) }).parse(await response.json()).sessions;
}

async function withSecondFactor(person: Person): Promise<TestBrowser> {
  const browser = await TestBrowser.signedIn(server, person);
  const setUp = await browser.call('POST', '/api/auth/second-factor/setup', { body: { password: PASSWORD } });
  const { secret } = authenticatorSetupSchema.parse(await setUp.json());
  const code = generateSync({ secret, epoch: Math.floor(server.clock.now() / 1000) });
  expect((await browser.call('POST', '/api/auth/second-factor/confirm', { body: { code } })).status).toBe(200);
  return browser;
}

describe('another role', () => {
  it('is given, told and recorded, and a doctor waits for approval', async () => {
    const person = await server.person('patient', 'Wrongly Patient');
    expect(await accountOf(await changeRole(person.id, 'doctor'))).toMatchObject({ role: 'doctor', status: 'pending' });
    expect((await nextMail(server, cookie, person.email)).text).toContain('a doctor');
    expect(await entriesOf('role_changed:doctor', person.id)).toMatchObject([{ accountId: admin.id, outcome: 'ok' }]);
    const own = await server.signIn(person);
    await expectRefusal(await server.call('GET', '/api/appointments/doctor', { cookie: own }), 403, 'account_pending');
    expect(await (await server.call('GET', '/api/profile', { cookie: own })).json()).toMatchObject({
      profile: { role: 'doctor' },
    });
    await control('POST', person.id, 'approve');
    expect((await server.call('GET', '/api/appointments/doctor', { cookie: own })).status).toBe(200);
    expect(await accountOf(await changeRole(person.id, 'doctor'))).toMatchObject({ role: 'doctor', status: 'active' });
    expect(await entriesOf('role_changed:doctor', person.id)).toHaveLength(1);
  });

  it('keeps no place from before: appointments of the old role are shut (A1, ASVS 8.3.2)', async () => {
    const person = await server.person('doctor', 'Former Doctor');
    const appointmentId = await server.appointment(person, await server.person('patient', 'Pia'));
    await changeRole(person.id, 'staff');
    const own = await server.signIn(person);
    await expectRefusal(
      await server.call('GET', `/api/appointments/${appointmentId}`, { cookie: own }),
      403,
      'forbidden',
    );
  });

  it.each([
    { former: 'doctor', next: 'patient' },
    { former: 'patient', next: 'doctor' },
  ] as const)(
    'leaves nothing of the old role under the bell, which is there again with the role: $former to $next',
    async ({ former, next }) => {
      const person = await server.person(former, 'Passing Person');
      const other = await server.person(next, 'Canary Person');
      const [doctor, patient] = former === 'doctor' ? [person, other] : [other, person];
      const news = await TestNews.of(server);
      await news.tell(await server.appointment(doctor, patient, 3 * 24 * 60), 'cancel', next);
      const bell = async () => {
        const own = await server.signIn(person);
        const response = await server.call('GET', '/api/notifications', { cookie: own });
        return { text: await response.text(), requestId: response.headers.get('x-request-id') };
      };
      const become = async (role: Role): Promise<void> => {
        await changeRole(person.id, role);
        if (role === 'doctor') await control('POST', person.id, 'approve');
      };
      expect((await bell()).text).toContain('Canary Person');
      await become(next);
      const after = await bell();
      expect(JSON.parse(after.text)).toEqual({ notifications: [], unread: 0, next: null });
      expect(
        await server.database.connection.collection('audit_entries').countDocuments({ requestId: after.requestId }),
      ).toBe(0);
      await become(former);
      expect((await bell()).text).toContain('Canary Person');
    },
  );

  it('is not given to the own account, to nobody, and to who cannot sign in', async () => {
    await expectRefusal(await changeRole(admin.id, 'patient'), 409, 'conflict');
    await expectRefusal(await changeRole(ABSENT, 'staff'), 404, 'not_found');
    const person = await server.person('patient', 'Closed Person');
    await control('POST', person.id, 'disable');
    await expectRefusal(await changeRole(person.id, 'staff'), 409, 'conflict');
  });

  it('of an administrator voids the invitations that they have sent', async () => {
    const other = await server.person('administrator', 'Bea Admin');
    const email = newAddress();
    const by = await server.signIn(other);
    await server.call('POST', '/api/admin/invitations', { cookie: by, body: { role: 'administrator', email } });
    const token = tokenOf(await nextMail(server, cookie, email));
    await changeRole(other.id, 'staff');
    await expectRefusal(
      await server.call('POST', '/api/auth/invitations/accept', { body: { token, name: 'Gus', password: PASSWORD } }),
      410,
      'link_expired',
    );
  });
});

describe('administrators', () => {
  it('who close each other’s accounts at the same moment leave one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const pair = [await server.person('administrator', 'One'), await server.person('administrator', 'Other')];
      const cookies = await Promise.all(pair.map((person) => server.signIn(person)));
      const answers = await Promise.all(
        pair.map((_, index) => control('POST', pair[1 - index]?.id ?? '', 'disable', undefined, cookies[index])),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses[0]).toBe(200);
      expect([401, 403]).toContain(statuses[1]);
    }
  });
});

describe('a lost second factor', () => {
  it('is taken off by an administrator: told, recorded, and the password is enough then', async () => {
    const person = await server.person('patient', 'Lost Phone');
    const browser = await withSecondFactor(person);
    const search = { text: person.email };
    const found = await server.call('POST', '/api/admin/accounts/search', { cookie, body: search });
    expect(await found.json()).toMatchObject({ accounts: [{ secondFactor: true }] });
    expect(await accountOf(await control('POST', person.id, 'second-factor/reset'))).toMatchObject({
      secondFactor: false,
    });
    await expectRefusal(await me(browser), 401, 'unauthenticated');
    expect((await nextMail(server, cookie, person.email, 2)).subject).toBe('Your second step was reset');
    expect(await entriesOf('second_factor_reset', person.id)).toMatchObject([{ accountId: admin.id }]);
    expect(await (await new TestBrowser(server).signIn(person.email)).json()).toMatchObject({ status: 'signed-in' });
  });

  it('is not taken off where there is none, nor off the own account', async () => {
    const person = await server.person('patient', 'No Factor');
    await expectRefusal(await control('POST', person.id, 'second-factor/reset'), 409, 'conflict');
    await expectRefusal(await control('POST', admin.id, 'second-factor/reset'), 409, 'conflict');
    await expectRefusal(await control('POST', ABSENT, 'second-factor/reset'), 404, 'not_found');
  });
});

describe('sessions of others', () => {
  it('are listed and ended, one or all, and each of it is recorded', async () => {
    const person = await server.person('patient', 'Three Devices');
    const browsers = [
      await TestBrowser.signedIn(server, person),
      await TestBrowser.signedIn(server, person),
      await TestBrowser.signedIn(server, person),
    ];
    const sessions = await sessionsOf(person.id);
    expect(sessions.map(({ current }) => current)).toEqual([false, false, false]);
    expect((await control('DELETE', person.id, `sessions/${sessions[0]?.id ?? ''}`)).status).toBe(200);
    expect(await sessionsOf(person.id)).toHaveLength(2);
    expect(await (await control('POST', person.id, 'sessions/end')).json()).toEqual({ ended: 2 });
    for (const browser of browsers) await expectRefusal(await me(browser), 401, 'unauthenticated');
    for (const [detail, times] of [
      ['sessions_listed', 2],
      ['session_ended', 1],
      ['sessions_ended', 1],
    ] as const)
      expect((await entriesOf(detail, person.id)).map((entry): unknown => entry['patientId'])).toEqual(
        Array.from({ length: times }, () => person.id),
      );
    const ended = await entriesOf(`of:${person.id}`, sessions[0]?.id ?? '');
    expect(ended).toMatchObject([{ action: 'sign-out', accountId: admin.id, role: 'administrator' }]);
  });

  it('are ended under their own account only', async () => {
    const [one, other] = [await server.person('patient', 'One'), await server.person('patient', 'Other')];
    const browser = await TestBrowser.signedIn(server, one);
    const id = (await sessionsOf(one.id))[0]?.id ?? '';
    await expectRefusal(await control('DELETE', other.id, `sessions/${id}`), 404, 'not_found');
    for (const path of ['sessions', `sessions/${id}`] as const)
      await expectRefusal(await control(path === 'sessions' ? 'GET' : 'DELETE', ABSENT, path), 404, 'not_found');
    await expectRefusal(await control('POST', ABSENT, 'sessions/end'), 404, 'not_found');
    expect((await me(browser)).status).toBe(200);
  });

  it('leave the administrator who ends their own signed in', async () => {
    const extra = await TestBrowser.signedIn(server, admin);
    expect((await control('POST', admin.id, 'sessions/end')).status).toBe(200);
    await expectRefusal(await me(extra), 401, 'unauthenticated');
    expect((await server.call('GET', '/api/auth/me', { cookie })).status).toBe(200);
  });
});

describe('whoever is in a call (A4)', () => {
  const ways: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
    'disabled by an administrator': ({ id }) => control('POST', id, 'disable'),
    'given another role': ({ id }) => changeRole(id, 'staff'),
    'rid of a lost second factor': ({ id }) => control('POST', id, 'second-factor/reset'),
    'signed out by an administrator': ({ id }) => control('POST', id, 'sessions/end'),
    'setting a forgotten password': async ({ email }) => {
      await server.call('POST', '/api/auth/password/forgot', { body: { email } });
      const token = tokenOf(await nextMail(server, cookie, email));
      return server.call('POST', '/api/auth/password/reset', { body: { token, password: NEW_PASSWORD } });
    },
    'changing the password on another device': async (person) => {
      const other = await TestBrowser.signedIn(server, person);
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      return other.call('POST', '/api/auth/password/change', { body });
    },
  };

  it.each(Object.keys(ways))('is out within 5 s when %s: requests, sockets and media', async (way) => {
    const person = await server.person('patient', 'Caller');
    const room = await server.appointment(doctor, person);
    const browser = await (way.includes('second factor')
      ? withSecondFactor(person)
      : TestBrowser.signedIn(server, person));
    expect((await browser.call('POST', `/api/consultations/${room}/join`)).status).toBe(200);
    const peer = { peerId: randomUUID(), participantId: person.id, name: person.name, party: 'patient' as const };
    await server.report({ type: 'peer.joined', room, ...peer });
    const socket = await AppSocketClient.connect(server.url, browser.cookie);
    const gone = socket.next('disconnect');
    const start = performance.now();
    expect(await ways[way]?.(person)).toMatchObject({ status: 200 });
    await gone;
    const removal = `POST /control/rooms/${room}/participants/${person.id}/remove`;
    await vi.waitFor(() => expect(server.node.commands).toContain(removal), 10_000);
    expect(performance.now() - start).toBeLessThan(5000);
    await expectRefusal(await me(browser), 401, 'unauthenticated');
    await expectRefusal(await browser.refresh(), 401, 'unauthenticated');
    await expect(AppSocketClient.connect(server.url, browser.cookie)).rejects.toThrow('unauthenticated');
    await expectRefusal(await browser.call('POST', `/api/consultations/${room}/join`), 401, 'unauthenticated');
  });
});

describe('a sign-in that races with a change of the account', () => {
  /** A transaction that meets another one's change is aborted and begun anew. */
  const aborted = async (): Promise<number> => {
    const status = await server.database.connection.db?.admin().serverStatus();
    return z.object({ transactions: z.object({ totalAborted: z.number() }) }).parse(status).transactions.totalAborted;
  };

  it.each([
    ['its password', { passwordHash: 'another' }],
    ['its end', { status: 'disabled' }],
  ])('waits for %s and opens nothing', async (_what, change) => {
    const person = await server.person('patient', 'Racing Person');
    await server.signIn(person);
    const accounts = server.database.connection.collection('accounts');
    const session = await server.database.connection.startSession();
    session.startTransaction();
    await accounts.updateOne({ email: person.email }, { $set: change }, { session });
    const before = await aborted();
    const attempt = new TestBrowser(server).signIn(person.email);
    try {
      await vi.waitFor(async () => expect(await aborted()).toBeGreaterThan(before), 10_000);
    } finally {
      await session.commitTransaction();
      await session.endSession();
    }
    await expectRefusal(await attempt, 401, 'signin_wrong');
    expect(await sessionsOf(person.id)).toHaveLength(1);
  });
});
