import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { administratorOf, mailsTo, newAddress, nextMail, requestsHandled, tokenOf } from '../testing/inbox.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';
import { UNCONFIRMED_LIFETIME_MS } from './left-sign-ups.ts';
import { SIGN_IN_LIMITS } from './sign-in-throttle.ts';
import { CONFIRMATION_LIFETIME_MS, MAIL_PAUSE_MS, RESET_LIFETIME_MS } from './account-request.service.ts';

/** As many as may say a password in a row. */
const AT_ONCE = SIGN_IN_LIMITS.confirmation.burst;
const MINUTE_MS = 60_000;
const NEW_PASSWORD = 'violet tram under seven bridges';

let server: TestServer;
let administrator: string;

beforeAll(async () => {
  server = await TestServer.start();
  administrator = await administratorOf(server);
});
afterAll(() => server.close());

const post = (path: string, body: unknown) => server.call('POST', `/api/auth/${path}`, { body });
const signUp = (parts: object) => post('signup', { role: 'patient', name: 'Pia', password: PASSWORD, ...parts });
const confirm = (token: string, password = PASSWORD) => post('email/confirm', { token, password });
const login = (email: string, password = PASSWORD) => post('login', { email, password });
const accounts = () => server.database.connection.collection('accounts');

/** @returns the address of a person who has signed up and has a mail */
async function signedUp(parts: object = { dateOfBirth: '1990-02-03' }): Promise<string> {
  const email = newAddress();
  expect((await signUp({ email, ...parts })).status).toBe(202);
  await nextMail(server, administrator, email);
  return email;
}

const tokenFor = async (email: string, mails = 1) => tokenOf(await nextMail(server, administrator, email, mails));

/** The answer without what is different in every answer. */
async function plain(response: Response): Promise<unknown> {
  const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
  return { status: response.status, headers, body: await response.text() };
}

describe('sign-up (R21, R46)', () => {
  it('makes a patient who can sign in once the address is confirmed', async () => {
    const email = await signedUp();
    await expectRefusal(await login(email), 403, 'email_unconfirmed');
    await expectRefusal(await login(email, 'something else entirely'), 401, 'signin_wrong');
    const confirmed = await confirm(await tokenFor(email));
    expect(await confirmed.json()).toEqual({ status: 'active', email });
    expect((await login(email)).status).toBe(200);
    const stored = await accounts().findOne({ email });
    expect(stored).toMatchObject({ role: 'patient', status: 'active' });
    const profiles = await server.database.connection.collection('patients').find().toArray();
    expect(profiles).toContainEqual(expect.objectContaining({ _id: stored?._id, dateOfBirth: '1990-02-03' }));
  });

  it('makes a doctor who signs in but does no work until approved', async () => {
    const email = await signedUp({ role: 'doctor', specialization: '\u202ECardiology' });
    expect(await (await confirm(await tokenFor(email))).json()).toEqual({ status: 'pending', email });
    const response = await login(email);
    expect(response.status).toBe(200);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    expect(await (await server.call('GET', '/api/auth/me', { cookie })).json()).toMatchObject({
      account: { role: 'doctor', status: 'pending' },
    });
    await expectRefusal(await server.call('GET', '/api/appointments/doctor', { cookie }), 403, 'account_pending');
    expect(await (await server.call('GET', '/api/profile', { cookie })).json()).toMatchObject({
      profile: { specialization: 'Cardiology' },
    });
    const doctors = server.database.connection.collection('doctors');
    expect(await doctors.countDocuments({ specialization: 'Cardiology' })).toBe(1);
  });

  it('takes one address once over all roles, in any spelling', async () => {
    const email = await signedUp();
    await confirm(await tokenFor(email));
    const again = { role: 'doctor', email: ` ${email.toUpperCase()} `, specialization: 'Cardiology' };
    expect((await signUp(again)).status).toBe(202);
    const mail = await nextMail(server, administrator, email, 2);
    expect(mail.subject).toBe('You already have an account');
    expect(mail.text).not.toContain('#token=');
    expect(await accounts().countDocuments({ email })).toBe(1);
    expect(await accounts().findOne({ email })).toMatchObject({ role: 'patient' });
  });

  it('lets the newest sign-up of an unconfirmed address count, and voids the link of the one before', async () => {
    const email = await signedUp();
    const first = await tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS);
    await signUp({ role: 'doctor', email, specialization: 'Cardiology', password: NEW_PASSWORD });
    const second = await tokenFor(email, 2);
    await expectRefusal(await confirm(first), 410, 'link_expired');
    expect((await confirm(second, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await login(email), 401, 'signin_wrong');
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('lets the newest one count also while the mail about the one before is young; its own mail comes after the pause', async () => {
    const email = await signedUp();
    const first = await tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS / 2);
    await signUp({ email, dateOfBirth: '1990-02-03', password: NEW_PASSWORD });
    await requestsHandled(server);
    await expectRefusal(await confirm(first), 410, 'link_expired');
    expect(await mailsTo(server, administrator, email)).toHaveLength(1);
    server.clock.advance(MAIL_PAUSE_MS / 2);
    const second = await tokenFor(email, 2);
    expect((await confirm(second, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await login(email), 401, 'signin_wrong');
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('cannot be used to fill somebody else’s mailbox', async () => {
    const email = await signedUp();
    for (let round = 0; round < 5; round += 1) {
      await signUp({ email, dateOfBirth: '1990-02-03' });
      await post('email/resend', { email });
    }
    await requestsHandled(server);
    expect(await mailsTo(server, administrator, email)).toHaveLength(1);
    // All of that together is worth one mail, once the pause is over.
    server.clock.advance(MAIL_PAUSE_MS);
    await nextMail(server, administrator, email, 2);
    await requestsHandled(server);
    expect(await mailsTo(server, administrator, email)).toHaveLength(2);
  });

  it.each([
    ['an administrator', { role: 'administrator', dateOfBirth: '1990-02-03' }],
    ['a birthday that does not exist', { dateOfBirth: '1990-02-30' }],
    ['a patient without a birthday', {}],
    ['a short password', { dateOfBirth: '1990-02-03', password: 'short' }],
    ['a name of two lines', { dateOfBirth: '1990-02-03', name: 'A\nBcc: b@test.example' }],
    ['a field of work of two lines', { role: 'doctor', specialization: 'Cardio\nlogy' }],
    ['an operator instead of an address (A15)', { dateOfBirth: '1990-02-03', email: { $ne: null } }],
    ['a list of addresses (A15)', { dateOfBirth: '1990-02-03', email: ['a@test.example', 'b@test.example'] }],
    ['a field that it does not have', { dateOfBirth: '1990-02-03', status: 'active' }],
  ])('refuses %s', async (_what, parts) => {
    await expectRefusal(await signUp({ email: newAddress(), ...parts }), 400, 'validation_failed');
  });

  it('refuses the commonest passwords', async () => {
    const parts = { email: newAddress(), dateOfBirth: '1990-02-03', password: 'password1234' };
    await expectRefusal(await signUp(parts), 400, 'password_common');
  });
});

describe('a sign-up that nobody confirms', () => {
  it('is forgotten after 30 days, with all that was typed; younger ones and confirmed ones are not', async () => {
    const [old, confirmed, young] = [await signedUp(), await signedUp(), await signedUp()];
    await confirm(await tokenFor(confirmed));
    const age = async (email: string, ms: number) => {
      const createdAt = new Date(server.clock.now() - ms);
      const made = await accounts().findOneAndUpdate({ email }, { $set: { createdAt } });
      if (made === null) throw new Error('There is no such account');
      return made._id;
    };
    const id = await age(old, UNCONFIRMED_LIFETIME_MS + 1);
    await age(confirmed, UNCONFIRMED_LIFETIME_MS + 1);
    await age(young, UNCONFIRMED_LIFETIME_MS - MINUTE_MS);
    await server.application.runJob('forget unconfirmed sign-ups');
    const left = [old, confirmed, young].map((email) => accounts().countDocuments({ email }));
    expect(await Promise.all(left)).toEqual([0, 1, 1]);
    const { connection } = server.database;
    expect(await connection.collection('patients').countDocuments({ _id: id })).toBe(0);
    expect(await connection.collection('link_tokens').countDocuments({ accountId: id })).toBe(0);
    const entries = connection.collection('audit_entries').find({ resourceId: String(id) });
    expect(await entries.toArray()).toContainEqual(
      expect.objectContaining({ action: 'remove', resource: 'account', detail: 'never_confirmed', accountId: null }),
    );
  });
});

describe('confirmation', () => {
  it('asks for the password of the sign-up: nobody confirms an account that somebody else has made for them', async () => {
    const email = await signedUp();
    const token = await tokenFor(email);
    const stranger = 'only a stranger knows this';
    await expectRefusal(await post('email/confirm', { token }), 400, 'validation_failed');
    await expectRefusal(await confirm(token, stranger), 403, 'password_wrong');
    await expectRefusal(await login(email), 403, 'email_unconfirmed');
    const account = await accounts().findOne({ email });
    const failures = server.database.connection.collection('audit_entries').find({ resourceId: String(account?._id) });
    expect(await failures.toArray()).toContainEqual(
      expect.objectContaining({ action: 'failure', outcome: 'refused', detail: 'password_wrong', role: 'patient' }),
    );
    // The link stays good.
    expect((await confirm(token)).status).toBe(200);
  });

  it('lets nobody guess the password', async () => {
    const email = await signedUp();
    const token = await tokenFor(email);
    // One more than the burst is the first one that is given back in time.
    for (let turn = 0; turn <= AT_ONCE; turn += 1) {
      await expectRefusal(await confirm(token, `guess number ${turn} of many`), 403, 'password_wrong');
    }
    await expectRefusal(await confirm(token), 429, 'rate_limited');
  });

  it('gives the address back to its owner by a new password, whoever signed up with it last', async () => {
    const email = await signedUp();
    server.clock.advance(MAIL_PAUSE_MS);
    await signUp({ email, dateOfBirth: '1990-02-03', password: 'only a stranger knows this' });
    const stranger = await tokenFor(email, 2);
    await expectRefusal(await confirm(stranger), 403, 'password_wrong');
    await post('password/forgot', { email });
    const reset = await tokenFor(email, 3);
    expect((await post('password/reset', { token: reset, password: NEW_PASSWORD })).status).toBe(200);
    await expectRefusal(await login(email, 'only a stranger knows this'), 401, 'signin_wrong');
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('gives it back also while the stranger signs up with it again and again', async () => {
    const email = await signedUp();
    await post('password/forgot', { email });
    const reset = await tokenFor(email, 2);
    for (let round = 0; round < 2; round += 1) {
      await signUp({ email, dateOfBirth: '1990-02-03', password: 'only a stranger knows this' });
      await requestsHandled(server);
    }
    expect((await post('password/reset', { token: reset, password: NEW_PASSWORD })).status).toBe(200);
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await login(email, 'only a stranger knows this'), 401, 'signin_wrong');
  });

  it('mails no word of who signed up: an address is not theirs yet, and may be anybody’s whom they want to deceive', async () => {
    const email = newAddress();
    const name = 'Your account was stolen, see evil.example';
    await signUp({ email, name, dateOfBirth: '1990-02-03' });
    await nextMail(server, administrator, email);
    await post('password/forgot', { email });
    await nextMail(server, administrator, email, 2);
    expect(JSON.stringify(await mailsTo(server, administrator, email))).not.toContain('evil');
  });

  it('works once, also when asked for many times at once', async () => {
    const token = await tokenFor(await signedUp());
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => confirm(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: AT_ONCE - 1 }, () => 410),
    ]);
  });

  it('works for 24 hours', async () => {
    const email = await signedUp();
    const token = await tokenFor(email);
    const before = server.clock.now();
    server.clock.advance(CONFIRMATION_LIFETIME_MS);
    await expectRefusal(await confirm(token), 410, 'link_expired');
    server.clock.set(before + CONFIRMATION_LIFETIME_MS - 1);
    expect((await confirm(token)).status).toBe(200);
    server.clock.set(before);
  });

  it('can be sent again, also by others: no link is void before one of them was used', async () => {
    const email = await signedUp();
    const first = await tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS);
    await post('email/resend', { email });
    const second = await tokenFor(email, 2);
    expect((await confirm(first)).status).toBe(200);
    await expectRefusal(await confirm(second), 410, 'link_expired');
  });

  it('keeps no token in the database, in logs, or in the part of an address that is sent (P3)', async () => {
    const email = await signedUp();
    const mail = await nextMail(server, administrator, email);
    const token = tokenOf(mail);
    expect(mail.text).toContain(`/verify#token=${token}`);
    expect(JSON.stringify(await server.database.connection.collection('link_tokens').find().toArray())).not.toContain(
      token,
    );
    await confirm(token);
    expect(server.logLines.join('')).not.toContain(token);
    expect(server.logLines.join('')).not.toContain(email);
  });
});

describe('a forgotten password', () => {
  const person = () => server.person('patient', 'Forgetful Person');

  it('is replaced by a link that works once, and every session ends', async () => {
    const { email, ...rest } = await person();
    const cookie = await server.signIn({ email, ...rest });
    expect((await post('password/forgot', { email })).status).toBe(202);
    const token = await tokenFor(email);
    // A password that is refused leaves the link good.
    await expectRefusal(await post('password/reset', { token, password: 'password1234' }), 400, 'password_common');
    expect((await post('password/reset', { token, password: NEW_PASSWORD })).status).toBe(200);
    await expectRefusal(await server.call('GET', '/api/auth/me', { cookie }), 401, 'unauthenticated');
    await expectRefusal(await login(email), 401, 'signin_wrong');
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await post('password/reset', { token, password: PASSWORD }), 410, 'link_expired');
    expect((await nextMail(server, administrator, email, 2)).subject).toBe('Your password was changed');
  });

  it('comes back by any of the links that were asked for: others who ask, too, cannot void the one that its owner opens', async () => {
    const { email } = await person();
    await post('password/forgot', { email });
    const first = await tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS);
    await post('password/forgot', { email });
    const second = await tokenFor(email, 2);
    expect((await post('password/reset', { token: first, password: NEW_PASSWORD })).status).toBe(200);
    // Once it was set, none of them is good for anything.
    await expectRefusal(await post('password/reset', { token: second, password: PASSWORD }), 410, 'link_expired');
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('works for 30 minutes', async () => {
    const { email } = await person();
    await post('password/forgot', { email });
    const token = await tokenFor(email);
    const before = server.clock.now();
    server.clock.advance(RESET_LIFETIME_MS);
    await expectRefusal(await post('password/reset', { token, password: NEW_PASSWORD }), 410, 'link_expired');
    server.clock.set(before);
  });

  it('is not replaced by the token of another purpose', async () => {
    const email = await signedUp();
    const token = await tokenFor(email);
    await expectRefusal(await post('password/reset', { token, password: NEW_PASSWORD }), 410, 'link_expired');
  });

  it('brings no mail to a disabled account', async () => {
    const { email } = await person();
    await accounts().updateOne({ email }, { $set: { status: 'disabled', disabledAt: new Date() } });
    await post('password/forgot', { email });
    await requestsHandled(server);
    expect(await mailsTo(server, administrator, email)).toEqual([]);
  });
});

describe('a mailed link to set a password', () => {
  it('is void once the password was changed by who is signed in', async () => {
    const person = await server.person('patient', 'Pass Word');
    await post('password/forgot', { email: person.email });
    const token = await tokenFor(person.email);
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const cookie = await server.signIn(person);
    expect((await server.call('POST', '/api/auth/password/change', { cookie, body })).status).toBe(200);
    const reset = await post('password/reset', { token, password: 'another one that is not known' });
    await expectRefusal(reset, 410, 'link_expired');
    expect((await login(person.email, NEW_PASSWORD)).status).toBe(200);
  });
});

describe('known and unknown addresses (A6)', () => {
  it.each([
    ['signup', { role: 'patient', name: 'Pia', password: PASSWORD, dateOfBirth: '1990-02-03' }],
    ['password/forgot', {}],
    ['email/resend', {}],
  ])('get the same answer to %s', async (path, parts) => {
    const known = await server.person('patient', 'Known Person');
    const [one, other] = [
      await plain(await post(path, { email: known.email, ...parts })),
      await plain(await post(path, { email: newAddress(), ...parts })),
    ];
    expect(one).toEqual(other);
    expect(one).toMatchObject({ status: 202, body: '{}' });
  });

  it('cost the same: no account is looked at before the answer', async () => {
    const known = await server.person('patient', 'Timed Person');
    const median = async (emailOf: () => string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 21; round += 1) {
        const start = performance.now();
        await (await post('password/forgot', { email: emailOf() })).text();
        times.push(performance.now() - start);
        await requestsHandled(server);
      }
      return times.sort((a, b) => a - b)[10] ?? 0;
    };
    const [knownMs, unknownMs] = [await median(() => known.email), await median(newAddress)];
    expect(Math.abs(knownMs - unknownMs)).toBeLessThan(Math.max(knownMs, unknownMs) / 2 + 2);
  });
});

describe('the outbox of an installation without a mail server', () => {
  it('is read by administrators only, which is recorded', async () => {
    await expectRefusal(await server.call('GET', '/api/admin/outbox'), 401, 'unauthenticated');
    const patient = await server.signIn(await server.person('patient', 'Curious Person'));
    await expectRefusal(await server.call('GET', '/api/admin/outbox', { cookie: patient }), 403, 'forbidden');
    const entries = () => server.database.connection.collection('audit_entries').countDocuments({ resource: 'mail' });
    const before = await entries();
    await mailsTo(server, administrator, 'nobody@test.example');
    expect(await entries()).toBe(before + 1);
  });

  it.each([
    ['a mail server', { HC_SMTP_URL: 'smtp://127.0.0.1:9', HC_MAIL_FROM: 'a@test.example' }],
    ['an address that others can reach', { HC_HOST: '0.0.0.0' }],
    ['a proxy on the same machine', { HC_TRUST_PROXY: '1' }],
    ['a public address, for which a proxy on the same machine must listen', { HC_PUBLIC_URL: 'https://hc.example' }],
  ])('is not there with %s', async (_what, environment) => {
    const other = await TestServer.start(environment);
    const cookie = await other.signIn(await other.person('administrator', 'Ada Admin'));
    await expectRefusal(await other.call('GET', '/api/admin/outbox', { cookie }), 404, 'not_found');
    await other.close();
  });
});
