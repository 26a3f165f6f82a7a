import { authenticatorSetupSchema, signInSchema, type Role } from '@health-connect/contract';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { accountOf, expectRefusal, signedInAccountOf } from '../testing/answers.ts';
import { administratorOf, nextMail } from '../testing/inbox.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { REPLACEMENT_LIFETIME_MS, TICKET_LIFETIME_MS } from './second-factor.service.ts';

const STEP_MS = 30_000;
let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
});
afterAll(() => server.close());

const codeAt = (secret: string, on: TestServer = server, offsetMs = 0): string =>
  generateSync({ secret, epoch: Math.floor((on.clock.now() + offsetMs) / 1000) });
const base = '/api/auth/second-factor';
const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');
const codesSchema = z.strictObject({ recoveryCodes: z.array(z.string()) });

async function ticketOf(response: Response, status: 'second-factor' | 'second-factor-setup'): Promise<string> {
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()).toEqual([]);
  const answer = signInSchema.parse(await response.json());
  if (answer.status !== status) throw new Error(`The answer is ${answer.status}`);
  return answer.ticket;
}

const ticketFor = async (person: Person): Promise<string> =>
  ticketOf(await new TestBrowser(server).signIn(person.email), 'second-factor');

async function setUp(browser: TestBrowser): Promise<string> {
  const response = await browser.call('POST', `${base}/setup`, { body: { password: PASSWORD } });
  expect(response.status).toBe(200);
  const { secret, uri } = authenticatorSetupSchema.parse(await response.json());
  expect(uri).toMatch(/^otpauth:\/\/totp\/Health%20Connect:/);
  return secret;
}

/** Somebody with a second factor, and a browser in which it was set up. */
async function protectedPerson(role: Role = 'patient') {
  const person = await server.person(role, 'Two Factor');
  const browser = await TestBrowser.signedIn(server, person);
  const secret = await setUp(browser);
  const response = await browser.call('POST', `${base}/confirm`, { body: { code: codeAt(secret) } });
  expect(response.status).toBe(200);
  const { recoveryCodes } = codesSchema.parse(await response.json());
  // The code of this step is used up.
  server.clock.advance(STEP_MS);
  return { person, browser, secret, recoveryCodes };
}

const second = (ticket: string, proof: { code?: string; recoveryCode?: string }, browser = new TestBrowser(server)) =>
  browser.call('POST', base, { body: { ticket, ...proof } });

describe('signing in with a second factor', () => {
  it('takes password and code, and nothing less', async () => {
    const { person, secret } = await protectedPerson();
    const browser = new TestBrowser(server);
    const ticket = await ticketOf(await browser.signIn(person.email), 'second-factor');
    expect(browser.cookie).toBe('');
    await expectRefusal(await me(browser), 401, 'unauthenticated');
    await expectRefusal(await second(ticket, { code: '000000' }), 403, 'second_factor_wrong');
    expect((await accountOf(await second(ticket, { code: codeAt(secret) }, browser))).id).toBe(person.id);
    expect((await me(browser)).status).toBe(200);
    await expectRefusal(await second(ticket, { code: codeAt(secret) }), 401, 'ticket_invalid');
    await expectRefusal(await second('x'.repeat(43), { code: codeAt(secret) }), 401, 'ticket_invalid');
  });

  it('takes each code once, also at once, and none of before', async () => {
    const { person, secret } = await protectedPerson();
    const code = codeAt(secret);
    const tickets = [await ticketFor(person), await ticketFor(person), await ticketFor(person)];
    const answers = await Promise.all(tickets.map((ticket) => second(ticket, { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    const earlier = codeAt(secret, server, -STEP_MS);
    await expectRefusal(await second(await ticketFor(person), { code: earlier }), 403, 'second_factor_wrong');
    server.clock.advance(STEP_MS);
    expect((await second(await ticketFor(person), { code: codeAt(secret) })).status).toBe(200);
  });

  it('takes clocks that are half a minute off, not more', async () => {
    const { person, secret } = await protectedPerson();
    for (const offsetMs of [-3 * STEP_MS, 3 * STEP_MS]) {
      const code = codeAt(secret, server, offsetMs);
      await expectRefusal(await second(await ticketFor(person), { code }), 403, 'second_factor_wrong');
    }
    const code = codeAt(secret, server, STEP_MS);
    expect((await second(await ticketFor(person), { code })).status).toBe(200);
  });

  it('takes each recovery code once, however it is typed', async () => {
    const { person, browser, recoveryCodes } = await protectedPerson();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', next = ''] = recoveryCodes;
    const typed = ` ${first.toUpperCase().replaceAll('-', ' ')} `;
    expect((await second(await ticketFor(person), { recoveryCode: typed })).status).toBe(200);
    await expectRefusal(await second(await ticketFor(person), { recoveryCode: first }), 403, 'second_factor_wrong');
    expect((await second(await ticketFor(person), { recoveryCode: next })).status).toBe(200);
    const status: unknown = await (await browser.call('GET', base)).json();
    expect(status).toEqual({ enabled: true, required: false, recoveryCodesLeft: 8 });
    const other = await protectedPerson();
    const foreign = { recoveryCode: recoveryCodes[2] ?? '' };
    await expectRefusal(await second(await ticketFor(other.person), foreign), 403, 'second_factor_wrong');
  });

  it('needs exactly one of the two', async () => {
    const { person, secret, recoveryCodes } = await protectedPerson();
    const ticket = await ticketFor(person);
    const both = { code: codeAt(secret), recoveryCode: recoveryCodes[0] ?? '' };
    for (const proof of [{}, both]) await expectRefusal(await second(ticket, proof), 400, 'validation_failed');
  });

  it('throttles guesses of the code without a way around by new tickets', async () => {
    const { person } = await protectedPerson();
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess += 1)
      statuses.push((await second(await ticketFor(person), { code: String(100_000 + guess) })).status);
    expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(9);
    const refused = await second(await ticketFor(person), { code: '999999' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectRefusal(refused, 429, 'rate_limited');
  });

  it('has tickets that end after five minutes, and with the password', async () => {
    const { person, secret, browser } = await protectedPerson();
    const [late, voided] = [await ticketFor(person), await ticketFor(person)];
    const body = { currentPassword: PASSWORD, newPassword: 'nine lemons in the rain' };
    expect((await browser.call('POST', '/api/auth/password/change', { body })).status).toBe(200);
    await expectRefusal(await second(voided, { code: codeAt(secret) }), 401, 'ticket_invalid');
    const again = await new TestBrowser(server).signIn(person.email, body.newPassword);
    const ticket = await ticketOf(again, 'second-factor');
    server.clock.advance(TICKET_LIFETIME_MS);
    for (const old of [late, ticket])
      await expectRefusal(await second(old, { code: codeAt(secret) }), 401, 'ticket_invalid');
  });

  it('is refused to an account that was closed meanwhile', async () => {
    const { person, secret } = await protectedPerson();
    const ticket = await ticketFor(person);
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: person.email }, { $set: { status: 'disabled' } });
    await expectRefusal(await second(ticket, { code: codeAt(secret) }), 401, 'ticket_invalid');
  });
});

describe('setting it up and giving it up', () => {
  it('needs the password, and a code before anything changes', async () => {
    const person = await server.person('patient', 'Set Up');
    const browser = await TestBrowser.signedIn(server, person);
    const wrong = await browser.call('POST', `${base}/setup`, { body: { password: 'wrong' } });
    await expectRefusal(wrong, 403, 'password_wrong');
    const first = await setUp(browser);
    const secret = await setUp(browser);
    expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
    const confirm = (code: string) => browser.call('POST', `${base}/confirm`, { body: { code } });
    await expectRefusal(await confirm(codeAt(first)), 403, 'second_factor_wrong');
    expect((await confirm(codeAt(secret))).status).toBe(200);
    await expectRefusal(await confirm(codeAt(secret)), 409, 'conflict');
    const again = await browser.call('POST', `${base}/setup`, { body: { password: PASSWORD } });
    await expectRefusal(again, 409, 'conflict');
    // The code that proved the authenticator is used up, too.
    await expectRefusal(await second(await ticketFor(person), { code: codeAt(secret) }), 403, 'second_factor_wrong');
  });

  it('keeps neither secret nor recovery codes readable in the database', async () => {
    const { secret, recoveryCodes } = await protectedPerson();
    const stored = JSON.stringify(await server.database.connection.collection('secondFactors').find().toArray());
    for (const plain of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(stored.toLowerCase()).not.toContain(plain.toLowerCase());
  });

  it('does not accept a secret that was moved from another account', async () => {
    const [one, other] = [await protectedPerson(), await protectedPerson()];
    const factors = server.database.connection.collection('secondFactors');
    const stolen: unknown = (await factors.findOne({ _id: toStoredId(one.person.id) }))?.['sealedSecret'];
    const moved = { $set: { sealedSecret: stolen } };
    await factors.updateOne({ _id: toStoredId(other.person.id) }, moved);
    expect((await second(await ticketFor(other.person), { code: codeAt(one.secret) })).status).toBe(500);
  });

  it('is given up with password and code', async () => {
    const { person, browser, secret } = await protectedPerson();
    const disable = (password: string, code: string) =>
      browser.call('POST', `${base}/disable`, { body: { password, code } });
    await expectRefusal(await disable('wrong', codeAt(secret)), 403, 'password_wrong');
    await expectRefusal(await disable(PASSWORD, '000000'), 403, 'second_factor_wrong');
    expect((await disable(PASSWORD, codeAt(secret))).status).toBe(200);
    await expectRefusal(await disable(PASSWORD, codeAt(secret)), 409, 'conflict');
    expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
  });

  it('tells its owner by mail, and the trail, when it is switched on and off', async () => {
    const { person, browser, secret } = await protectedPerson();
    const administrator = await administratorOf(server);
    expect((await nextMail(server, administrator, person.email)).subject).toBe('Your second factor is on');
    await browser.call('POST', `${base}/disable`, { body: { password: PASSWORD, code: codeAt(secret) } });
    expect((await nextMail(server, administrator, person.email, 2)).subject).toBe('Your second factor is off');
    const entries = server.database.connection.collection('audit_entries');
    const details = await entries.find({ resourceId: person.id, action: 'change' }).sort({ number: 1 }).toArray();
    expect(details.map((entry) => String(entry['detail']))).toEqual(['second_factor_on', 'second_factor_off']);
  });
});

describe('a lost phone', () => {
  const newCodes = async (response: Response) => codesSchema.parse(await response.json()).recoveryCodes;

  it('does not keep its owner from giving the second factor up: a recovery code does', async () => {
    const { person, browser, recoveryCodes } = await protectedPerson();
    const [recoveryCode = ''] = recoveryCodes;
    const disable = (proof: object) =>
      browser.call('POST', `${base}/disable`, { body: { password: PASSWORD, ...proof } });
    for (const proof of [{}, { code: '000000', recoveryCode }]) {
      await expectRefusal(await disable(proof), 400, 'validation_failed');
    }
    await expectRefusal(await disable({ recoveryCode: 'a'.repeat(16) }), 403, 'second_factor_wrong');
    expect((await disable({ recoveryCode })).status).toBe(200);
    expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
  });

  it('is replaced by another authenticator with a recovery code, and only once that one has proved itself', async () => {
    const { person, browser, secret, recoveryCodes } = await protectedPerson();
    const [first = '', other = '', third = ''] = recoveryCodes;
    const begin = (proof: object) => browser.call('POST', `${base}/setup`, { body: { password: PASSWORD, ...proof } });
    const confirm = (code: string) => browser.call('POST', `${base}/confirm`, { body: { code } });
    await expectRefusal(await begin({ recoveryCode: 'a'.repeat(16) }), 403, 'second_factor_wrong');
    await expectRefusal(await begin({ code: '000000' }), 403, 'second_factor_wrong');
    await expectRefusal(await confirm(codeAt(secret)), 409, 'conflict');
    const begun = await begin({ recoveryCode: first });
    expect(begun.status).toBe(200);
    const next = authenticatorSetupSchema.parse(await begun.json()).secret;
    await expectRefusal(await begin({ recoveryCode: first }), 403, 'second_factor_wrong');
    // Until then, the one before counts.
    expect((await second(await ticketFor(person), { code: codeAt(secret) })).status).toBe(200);
    server.clock.advance(STEP_MS);
    await expectRefusal(await confirm(codeAt(secret)), 403, 'second_factor_wrong');
    const confirmed = await confirm(codeAt(next));
    expect(confirmed.status).toBe(200);
    const renewed = await newCodes(confirmed);
    server.clock.advance(STEP_MS);
    await expectRefusal(await second(await ticketFor(person), { code: codeAt(secret) }), 403, 'second_factor_wrong');
    const old = await second(await ticketFor(person), { recoveryCode: other });
    await expectRefusal(old, 403, 'second_factor_wrong');
    expect(renewed).not.toContain(third);
    expect((await second(await ticketFor(person), { code: codeAt(next) })).status).toBe(200);
    expect((await second(await ticketFor(person), { recoveryCode: renewed[0] ?? '' })).status).toBe(200);
    const administrator = await administratorOf(server);
    const mail = await nextMail(server, administrator, person.email, 2);
    expect(mail.subject).toBe('Your second factor is on another device');
  });

  it('leaves fifteen minutes for the other authenticator', async () => {
    const { browser, secret } = await protectedPerson();
    const begun = await browser.call('POST', `${base}/setup`, { body: { password: PASSWORD, code: codeAt(secret) } });
    const next = authenticatorSetupSchema.parse(await begun.json()).secret;
    server.clock.advance(REPLACEMENT_LIFETIME_MS);
    await browser.refresh();
    const late = await browser.call('POST', `${base}/confirm`, { body: { code: codeAt(next) } });
    await expectRefusal(late, 409, 'conflict');
  });

  it('may take new recovery codes, which void those of before', async () => {
    const { person, browser, secret, recoveryCodes } = await protectedPerson();
    const renew = (proof: object) => browser.call('POST', `${base}/recovery-codes`, { body: proof });
    await expectRefusal(await renew({ password: 'wrong', code: codeAt(secret) }), 403, 'password_wrong');
    await expectRefusal(await renew({ password: PASSWORD, code: '000000' }), 403, 'second_factor_wrong');
    const renewed = await newCodes(await renew({ password: PASSWORD, code: codeAt(secret) }));
    expect(new Set([...renewed, ...recoveryCodes]).size).toBe(20);
    const old = await second(await ticketFor(person), { recoveryCode: recoveryCodes[0] ?? '' });
    await expectRefusal(old, 403, 'second_factor_wrong');
    expect((await second(await ticketFor(person), { recoveryCode: renewed[0] ?? '' })).status).toBe(200);
    expect(await (await browser.call('GET', base)).json()).toMatchObject({ recoveryCodesLeft: 9 });
    const administrator = await administratorOf(server);
    expect((await nextMail(server, administrator, person.email, 2)).subject).toBe('You have new recovery codes');
    const stranger = await TestBrowser.signedIn(server, await server.person('patient', 'Without'));
    const without = await stranger.call('POST', `${base}/recovery-codes`, {
      body: { password: PASSWORD, code: '000000' },
    });
    await expectRefusal(without, 409, 'conflict');
  });

  it('leaves in the trail who typed a wrong code, and each change', async () => {
    const { person, browser, secret } = await protectedPerson();
    await second(await ticketFor(person), { code: '000000' });
    await browser.call('POST', `${base}/recovery-codes`, { body: { password: PASSWORD, code: '000000' } });
    await browser.call('POST', `${base}/recovery-codes`, { body: { password: PASSWORD, code: codeAt(secret) } });
    const entries = server.database.connection.collection('audit_entries');
    const found = await entries
      .find({ resourceId: person.id, detail: { $in: ['second_factor_wrong', 'recovery_codes_renewed'] } })
      .sort({ number: 1 })
      .toArray();
    const who = { accountId: person.id, role: 'patient' };
    const anySession: unknown = expect.any(String);
    expect(found).toMatchObject([
      { ...who, action: 'failure', outcome: 'refused', sessionId: null },
      { ...who, action: 'failure', outcome: 'refused', sessionId: anySession },
      { ...who, action: 'change', detail: 'recovery_codes_renewed', sessionId: anySession },
    ]);
  });
});

describe('a hospital that requires it', () => {
  let strict: TestServer;
  beforeAll(async () => {
    strict = await TestServer.start({ HC_REQUIRE_SECOND_FACTOR: '1' });
  });
  afterAll(() => strict.close());

  it('lets doctors and administrators in only once they have set one up', async () => {
    for (const role of ['doctor', 'administrator'] as const) {
      const person = await strict.person(role, 'Must Have');
      const browser = new TestBrowser(strict);
      const ticket = await ticketOf(await browser.signIn(person.email), 'second-factor-setup');
      await expectRefusal(
        await browser.call('POST', base, { body: { ticket, code: '123456' } }),
        401,
        'ticket_invalid',
      );
      const enrolment = await browser.call('POST', `${base}/enrolment`, { body: { ticket } });
      const { secret } = authenticatorSetupSchema.parse(await enrolment.json());
      const confirm = (code: string) => browser.call('POST', `${base}/enrolment/confirm`, { body: { ticket, code } });
      await expectRefusal(await confirm('000000'), 403, 'second_factor_wrong');
      expect(browser.cookie).toBe('');
      const entered = await confirm(codeAt(secret, strict));
      expect(entered.status).toBe(200);
      const answer = z.object({ recoveryCodes: z.array(z.string()).length(10) }).parse(await entered.json());
      expect(new Set(answer.recoveryCodes).size).toBe(10);
      expect((await me(browser)).status).toBe(200);
      const body = { password: PASSWORD, code: codeAt(secret, strict) };
      await expectRefusal(await browser.call('POST', `${base}/disable`, { body }), 403, 'second_factor_required');
      const replacement = { password: PASSWORD, recoveryCode: answer.recoveryCodes[0] };
      expect((await browser.call('POST', `${base}/setup`, { body: replacement })).status).toBe(200);
      await ticketOf(await new TestBrowser(strict).signIn(person.email), 'second-factor');
      await expectRefusal(await confirm(codeAt(secret, strict)), 401, 'ticket_invalid');
    }
  });

  it('ends sign-ins from before it was required, at their next renewal', async () => {
    const before = await TestServer.start();
    const [doctor, patient] = [await before.person('doctor', 'Dora'), await before.person('patient', 'Pia')];
    const browsers = [await TestBrowser.signedIn(before, doctor), await TestBrowser.signedIn(before, patient)];
    await before.application.close();
    const after = await TestServer.start({
      HC_REQUIRE_SECOND_FACTOR: '1',
      HC_DATA_DIR: before.config.dataDir,
      MONGODB_URI: before.config.mongodbUri,
    });
    const statuses = await Promise.all(
      browsers.map(async ({ cookie }) => (await after.call('POST', '/api/auth/refresh', { cookie })).status),
    );
    expect(statuses).toEqual([401, 200]);
    const me = await after.call('GET', '/api/auth/me', { cookie: browsers[0]?.cookie });
    await expectRefusal(me, 401, 'unauthenticated');
    await after.close();
    await before.close();
  });

  it('lets patients and staff in without', async () => {
    for (const role of ['patient', 'staff'] as const) {
      const person = await strict.person(role, 'Need Not');
      expect((await signedInAccountOf(await new TestBrowser(strict).signIn(person.email))).id).toBe(person.id);
    }
  });
});
