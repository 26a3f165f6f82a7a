import { authenticatorSetupSchema, signInSchema, type Role } from '@health-connect/contract';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { SIGN_IN_LIMITS } from './sign-in-throttle.ts';

/** Somebody knows the password of an account and has not its second factor. */

const STEP_MS = 30_000;
const base = '/api/auth/second-factor';
let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
});
afterAll(() => server.close());

const codeAt = (secret: string): string => generateSync({ secret, epoch: Math.floor(server.clock.now() / 1000) });

/** Somebody with a second factor, and the browser in which it was set up. */
async function protectedPerson(role: Role) {
  const person = await server.person(role, 'Two Factor');
  const browser = await TestBrowser.signedIn(server, person, { 'x-forwarded-for': '192.0.2.1' });
  const setUp = await browser.call('POST', `${base}/setup`, { body: { password: PASSWORD } });
  const { secret } = authenticatorSetupSchema.parse(await setUp.json());
  const confirmed = await browser.call('POST', `${base}/confirm`, { body: { code: codeAt(secret) } });
  expect(confirmed.status).toBe(200);
  server.clock.advance(STEP_MS);
  return { person, browser, secret };
}

async function ticketOf(browser: TestBrowser, email: string): Promise<string> {
  const answer = signInSchema.parse(await (await browser.signIn(email)).json());
  if (answer.status !== 'second-factor') throw new Error(`The answer is ${answer.status}`);
  return answer.ticket;
}

const entriesOf = ({ id }: Person, detail: string) =>
  server.database.connection.collection('audit_entries').find({ accountId: id, detail }).toArray();

describe('a right password without the second factor', () => {
  it('leaves an entry with the network that it came from, and nobody is signed in', async () => {
    const { person } = await protectedPerson('doctor');
    const thief = new TestBrowser(server, { 'x-forwarded-for': '203.0.113.7' });
    const response = await thief.signIn(person.email);
    expect(response.status).toBe(200);
    expect(await entriesOf(person, 'second_factor_pending')).toMatchObject([
      {
        accountId: person.id,
        role: 'doctor',
        action: 'sign-in',
        resource: 'session',
        sessionId: null,
        network: '203.0.113.7',
        requestId: response.headers.get('x-request-id'),
      },
    ]);
    const administrator = await server.signIn(await server.person('administrator', 'Ada Admin'));
    const search = `/api/admin/audit?accountId=${person.id}&action=sign-in`;
    const found = await server.call('GET', search, { cookie: administrator });
    expect(await found.text()).toContain('"detail":"second_factor_pending"');
  });

  it('is not answered when its entry cannot be written', async () => {
    const { person } = await protectedPerson('patient');
    const { connection } = server.database;
    await connection.db?.command({ collMod: 'audit_entries', validator: { accountId: { $ne: person.id } } });
    try {
      const response = await new TestBrowser(server).signIn(person.email);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('ticket');
    } finally {
      await connection.db?.command({ collMod: 'audit_entries', validator: {} });
    }
  });

  it('cannot keep its owner from the second step by wrong codes', async () => {
    const { person, browser, secret } = await protectedPerson('patient');
    const thief = new TestBrowser(server, { 'x-forwarded-for': '203.0.113.8' });
    const ticket = await ticketOf(thief, person.email);
    const guess = (by: TestBrowser) => by.call('POST', base, { body: { ticket, code: '000000' } });
    for (let count = 0; count < SIGN_IN_LIMITS.confirmation.burst + 1; count += 1) await guess(thief);
    await expectRefusal(await guess(thief), 429, 'rate_limited');
    const own = await ticketOf(browser, person.email);
    const response = await browser.call('POST', base, { body: { ticket: own, code: codeAt(secret) } });
    expect(response.status).toBe(200);
    const failures = await entriesOf(person, 'second_factor_wrong');
    expect(failures.length).toBeGreaterThanOrEqual(SIGN_IN_LIMITS.confirmation.burst);
    expect(failures[0]).toMatchObject({ action: 'failure', outcome: 'refused', network: '203.0.113.8' });
  });

  it('is told apart where the second factor is still to be set up', async () => {
    const strict = await TestServer.start({ HC_REQUIRE_SECOND_FACTOR: '1' });
    try {
      const doctor = await strict.person('doctor', 'Dora Doctor');
      expect((await new TestBrowser(strict).signIn(doctor.email)).status).toBe(200);
      const entries = strict.database.connection.collection('audit_entries');
      const found = await entries.find({ accountId: doctor.id }).toArray();
      expect(found).toMatchObject([{ action: 'sign-in', detail: 'second_factor_set_up_pending' }]);
    } finally {
      await strict.close();
    }
  });
});
