import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { accountOf, expectRefusal, signedInAccountOf } from '../testing/answers.ts';
import { administratorOf, nextMail } from '../testing/inbox.ts';
import { SECOND_FACTOR, SecondFactorDesk, STEP_MS, ticketOf } from '../testing/second-factor-desk.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';
import { TICKET_LIFETIME_MS } from './second-factor.service.ts';

let server: TestServer;
let factors: SecondFactorDesk;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
  factors = SecondFactorDesk.create(server);
});
afterAll(() => server.close());

const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');

describe('signing in with a second factor', () => {
  it('takes password and code, and nothing less', async () => {
    const { person, secret } = await factors.protectedPerson();
    const browser = new TestBrowser(server);
    const ticket = await ticketOf(await browser.signIn(person.email), 'second-factor');
    expect(browser.cookie).toBe('');
    await expectRefusal(await me(browser), 401, 'unauthenticated');
    await expectRefusal(await factors.second(ticket, { code: '000000' }), 403, 'second_factor_wrong');
    expect((await accountOf(await factors.second(ticket, { code: factors.codeAt(secret) }, browser))).id).toBe(
      person.id,
    );
    expect((await me(browser)).status).toBe(200);
    await expectRefusal(await factors.second(ticket, { code: factors.codeAt(secret) }), 401, 'ticket_invalid');
    await expectRefusal(await factors.second('x'.repeat(43), { code: factors.codeAt(secret) }), 401, 'ticket_invalid');
  });

  it('takes each code once, also at once, and none of before', async () => {
    const { person, secret } = await factors.protectedPerson();
    const code = factors.codeAt(secret);
    const tickets = [await factors.ticketFor(person), await factors.ticketFor(person), await factors.ticketFor(person)];
    const answers = await Promise.all(tickets.map((ticket) => factors.second(ticket, { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    const earlier = factors.codeAt(secret, -STEP_MS);
    await expectRefusal(
      await factors.second(await factors.ticketFor(person), { code: earlier }),
      403,
      'second_factor_wrong',
    );
    server.clock.advance(STEP_MS);
    expect((await factors.second(await factors.ticketFor(person), { code: factors.codeAt(secret) })).status).toBe(200);
  });

  it('takes clocks that are half a minute off, not more', async () => {
    const { person, secret } = await factors.protectedPerson();
    for (const offsetMs of [-3 * STEP_MS, 3 * STEP_MS]) {
      const code = factors.codeAt(secret, offsetMs);
      await expectRefusal(await factors.second(await factors.ticketFor(person), { code }), 403, 'second_factor_wrong');
    }
    const code = factors.codeAt(secret, STEP_MS);
    expect((await factors.second(await factors.ticketFor(person), { code })).status).toBe(200);
  });

  it('takes each recovery code once, however it is typed', async () => {
    const { person, browser, recoveryCodes } = await factors.protectedPerson();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', next = ''] = recoveryCodes;
    const typed = ` ${first.toUpperCase().replaceAll('-', ' ')} `;
    expect((await factors.second(await factors.ticketFor(person), { recoveryCode: typed })).status).toBe(200);
    await expectRefusal(
      await factors.second(await factors.ticketFor(person), { recoveryCode: first }),
      403,
      'second_factor_wrong',
    );
    expect((await factors.second(await factors.ticketFor(person), { recoveryCode: next })).status).toBe(200);
    const status: unknown = await (await browser.call('GET', SECOND_FACTOR)).json();
    expect(status).toEqual({ enabled: true, required: false, recoveryCodesLeft: 8 });
    const other = await factors.protectedPerson();
    const foreign = { recoveryCode: recoveryCodes[2] ?? '' };
    await expectRefusal(
      await factors.second(await factors.ticketFor(other.person), foreign),
      403,
      'second_factor_wrong',
    );
  });

  it('needs exactly one of the two', async () => {
    const { person, secret, recoveryCodes } = await factors.protectedPerson();
    const ticket = await factors.ticketFor(person);
    const both = { code: factors.codeAt(secret), recoveryCode: recoveryCodes[0] ?? '' };
    for (const proof of [{}, both]) await expectRefusal(await factors.second(ticket, proof), 400, 'validation_failed');
  });

  it('throttles guesses of the code without a way around by new tickets', async () => {
    const { person } = await factors.protectedPerson();
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess += 1)
      statuses.push((await factors.second(await factors.ticketFor(person), { code: String(100_000 + guess) })).status);
    expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(9);
    const refused = await factors.second(await factors.ticketFor(person), { code: '999999' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectRefusal(refused, 429, 'rate_limited');
  });

  it('has tickets that end after five minutes, and with the password', async () => {
    const { person, secret, browser } = await factors.protectedPerson();
    const [late, voided] = [await factors.ticketFor(person), await factors.ticketFor(person)];
    const body = { currentPassword: PASSWORD, newPassword: 'nine lemons in the rain' };
    expect((await browser.call('POST', '/api/auth/password/change', { body })).status).toBe(200);
    await expectRefusal(await factors.second(voided, { code: factors.codeAt(secret) }), 401, 'ticket_invalid');
    const again = await new TestBrowser(server).signIn(person.email, body.newPassword);
    const ticket = await ticketOf(again, 'second-factor');
    server.clock.advance(TICKET_LIFETIME_MS);
    for (const old of [late, ticket])
      await expectRefusal(await factors.second(old, { code: factors.codeAt(secret) }), 401, 'ticket_invalid');
  });

  it('is refused to an account that was closed meanwhile', async () => {
    const { person, secret } = await factors.protectedPerson();
    const ticket = await factors.ticketFor(person);
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: person.email }, { $set: { status: 'disabled' } });
    await expectRefusal(await factors.second(ticket, { code: factors.codeAt(secret) }), 401, 'ticket_invalid');
  });
});

describe('setting it up and giving it up', () => {
  it('needs the password, and a code before anything changes', async () => {
    const person = await server.person('patient', 'Set Up');
    const browser = await TestBrowser.signedIn(server, person);
    const wrong = await browser.call('POST', `${SECOND_FACTOR}/setup`, { body: { password: 'wrong' } });
    await expectRefusal(wrong, 403, 'password_wrong');
    const first = await factors.setUp(browser);
    const secret = await factors.setUp(browser);
    expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
    const confirm = (code: string) => browser.call('POST', `${SECOND_FACTOR}/confirm`, { body: { code } });
    await expectRefusal(await confirm(factors.codeAt(first)), 403, 'second_factor_wrong');
    expect((await confirm(factors.codeAt(secret))).status).toBe(200);
    await expectRefusal(await confirm(factors.codeAt(secret)), 409, 'conflict');
    const again = await browser.call('POST', `${SECOND_FACTOR}/setup`, { body: { password: PASSWORD } });
    await expectRefusal(again, 409, 'conflict');
    // The code that proved the authenticator is used up, too.
    await expectRefusal(
      await factors.second(await factors.ticketFor(person), { code: factors.codeAt(secret) }),
      403,
      'second_factor_wrong',
    );
  });

  it('is set up for any address, however long it gets as part of another one', async () => {
    const person = await server.person('patient', 'Long Address');
    const email = `${'+'.repeat(180)}a@test.example`;
    await server.database.connection.collection('accounts').updateOne({ email: person.email }, { $set: { email } });
    const cookie = await server.signIn({ ...person, email });
    const response = await server.call('POST', '/api/auth/second-factor/setup', {
      cookie,
      body: { password: PASSWORD },
    });
    expect(response.status).toBe(200);
  });

  it('keeps neither secret nor recovery codes readable in the database', async () => {
    const { secret, recoveryCodes } = await factors.protectedPerson();
    const stored = JSON.stringify(await server.database.connection.collection('secondFactors').find().toArray());
    for (const plain of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(stored.toLowerCase()).not.toContain(plain.toLowerCase());
  });

  it('does not accept a secret that was moved from another account', async () => {
    const [one, other] = [await factors.protectedPerson(), await factors.protectedPerson()];
    const stored = server.database.connection.collection('secondFactors');
    const stolen: unknown = (await stored.findOne({ _id: toStoredId(one.person.id) }))?.['sealedSecret'];
    const moved = { $set: { sealedSecret: stolen } };
    await stored.updateOne({ _id: toStoredId(other.person.id) }, moved);
    expect(
      (await factors.second(await factors.ticketFor(other.person), { code: factors.codeAt(one.secret) })).status,
    ).toBe(500);
  });

  it('is given up with password and code', async () => {
    const { person, browser, secret } = await factors.protectedPerson();
    const disable = (password: string, code: string) =>
      browser.call('POST', `${SECOND_FACTOR}/disable`, { body: { password, code } });
    await expectRefusal(await disable('wrong', factors.codeAt(secret)), 403, 'password_wrong');
    await expectRefusal(await disable(PASSWORD, '000000'), 403, 'second_factor_wrong');
    expect((await disable(PASSWORD, factors.codeAt(secret))).status).toBe(200);
    await expectRefusal(await disable(PASSWORD, factors.codeAt(secret)), 409, 'conflict');
    expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
  });

  it('tells its owner by mail, and the trail, when it is switched on and off', async () => {
    const { person, browser, secret } = await factors.protectedPerson();
    const administrator = await administratorOf(server);
    expect((await nextMail(server, administrator, person.email)).subject).toBe('Your second step is on');
    await browser.call('POST', `${SECOND_FACTOR}/disable`, {
      body: { password: PASSWORD, code: factors.codeAt(secret) },
    });
    expect((await nextMail(server, administrator, person.email, 2)).subject).toBe('Your second step is off');
    const entries = server.database.connection.collection('audit_entries');
    const details = await entries.find({ resourceId: person.id, action: 'change' }).sort({ number: 1 }).toArray();
    expect(details.map((entry) => String(entry['detail']))).toEqual(['second_factor_on', 'second_factor_off']);
  });
});
