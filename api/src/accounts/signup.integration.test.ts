import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { mailsTo, newAddress, nextMail, requestsHandled, tokenOf } from '../testing/inbox.ts';
import { SignUpDesk } from '../testing/sign-up-desk.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';
import { CONFIRMATION_LIFETIME_MS, MAIL_PAUSE_MS } from './account-request.service.ts';
import { UNCONFIRMED_LIFETIME_MS } from './left-sign-ups.ts';
import { SIGN_IN_LIMITS } from './sign-in-throttle.ts';

/** As many as may say a password in a row. */
const AT_ONCE = SIGN_IN_LIMITS.confirmation.burst;
const MINUTE_MS = 60_000;
const NEW_PASSWORD = 'violet tram under seven bridges';

let server: TestServer;
let desk: SignUpDesk;

beforeAll(async () => {
  server = await TestServer.start();
  desk = await SignUpDesk.create(server);
});
afterAll(() => server.close());

const accounts = () => server.database.connection.collection('accounts');

/** The answer without what is different in every answer. */
async function plain(response: Response): Promise<unknown> {
  const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
  return { status: response.status, headers, body: await response.text() };
}

describe('sign-up (R21, R46)', () => {
  it('makes a patient who can sign in once the address is confirmed', async () => {
    const email = await desk.signedUp();
    await expectRefusal(await desk.login(email), 403, 'email_unconfirmed');
    await expectRefusal(await desk.login(email, 'something else entirely'), 401, 'signin_wrong');
    const confirmed = await desk.confirm(await desk.tokenFor(email));
    expect(await confirmed.json()).toEqual({ status: 'active', email });
    expect((await desk.login(email)).status).toBe(200);
    const stored = await accounts().findOne({ email });
    expect(stored).toMatchObject({ role: 'patient', status: 'active' });
    const profiles = await server.database.connection.collection('patients').find().toArray();
    expect(profiles).toContainEqual(expect.objectContaining({ _id: stored?._id, dateOfBirth: '1990-02-03' }));
  });

  it('makes a doctor who signs in but does no work until approved', async () => {
    const email = await desk.signedUp({ role: 'doctor', specialization: '\u202ECardiology' });
    expect(await (await desk.confirm(await desk.tokenFor(email))).json()).toEqual({ status: 'pending', email });
    const response = await desk.login(email);
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
    const email = await desk.signedUp();
    await desk.confirm(await desk.tokenFor(email));
    const again = { role: 'doctor', email: ` ${email.toUpperCase()} `, specialization: 'Cardiology' };
    expect((await desk.signUp(again)).status).toBe(202);
    const mail = await nextMail(server, desk.administrator, email, 2);
    expect(mail.subject).toBe('You already have an account');
    expect(mail.text).not.toContain('#token=');
    expect(await accounts().countDocuments({ email })).toBe(1);
    expect(await accounts().findOne({ email })).toMatchObject({ role: 'patient' });
  });

  it('lets the newest sign-up of an unconfirmed address count, and voids the link of the one before', async () => {
    const email = await desk.signedUp();
    const first = await desk.tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS);
    await desk.signUp({ role: 'doctor', email, specialization: 'Cardiology', password: NEW_PASSWORD });
    const second = await desk.tokenFor(email, 2);
    await expectRefusal(await desk.confirm(first), 410, 'link_expired');
    expect((await desk.confirm(second, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await desk.login(email), 401, 'signin_wrong');
    expect((await desk.login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('lets the newest one count also while the mail about the one before is young; its own mail comes after the pause', async () => {
    const email = await desk.signedUp();
    const first = await desk.tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS / 2);
    await desk.signUp({ email, dateOfBirth: '1990-02-03', password: NEW_PASSWORD });
    await requestsHandled(server);
    await expectRefusal(await desk.confirm(first), 410, 'link_expired');
    expect(await mailsTo(server, desk.administrator, email)).toHaveLength(1);
    server.clock.advance(MAIL_PAUSE_MS / 2);
    const second = await desk.tokenFor(email, 2);
    expect((await desk.confirm(second, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await desk.login(email), 401, 'signin_wrong');
    expect((await desk.login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('cannot be used to fill somebody else’s mailbox', async () => {
    const email = await desk.signedUp();
    for (let round = 0; round < 5; round += 1) {
      await desk.signUp({ email, dateOfBirth: '1990-02-03' });
      await desk.post('email/resend', { email });
    }
    await requestsHandled(server);
    expect(await mailsTo(server, desk.administrator, email)).toHaveLength(1);
    // All of that together is worth one mail, once the pause is over.
    server.clock.advance(MAIL_PAUSE_MS);
    await nextMail(server, desk.administrator, email, 2);
    await requestsHandled(server);
    expect(await mailsTo(server, desk.administrator, email)).toHaveLength(2);
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
    await expectRefusal(await desk.signUp({ email: newAddress(), ...parts }), 400, 'validation_failed');
  });

  it('refuses the commonest passwords', async () => {
    const parts = { email: newAddress(), dateOfBirth: '1990-02-03', password: 'password1234' };
    await expectRefusal(await desk.signUp(parts), 400, 'password_common');
  });
});

describe('a sign-up that nobody confirms', () => {
  it('is forgotten after 30 days, with all that was typed; younger ones and confirmed ones are not', async () => {
    const [old, confirmed, young] = [await desk.signedUp(), await desk.signedUp(), await desk.signedUp()];
    await desk.confirm(await desk.tokenFor(confirmed));
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
    const email = await desk.signedUp();
    const token = await desk.tokenFor(email);
    const stranger = 'only a stranger knows this';
    await expectRefusal(await desk.post('email/confirm', { token }), 400, 'validation_failed');
    await expectRefusal(await desk.confirm(token, stranger), 403, 'password_wrong');
    await expectRefusal(await desk.login(email), 403, 'email_unconfirmed');
    const account = await accounts().findOne({ email });
    const failures = server.database.connection.collection('audit_entries').find({ resourceId: String(account?._id) });
    expect(await failures.toArray()).toContainEqual(
      expect.objectContaining({ action: 'failure', outcome: 'refused', detail: 'password_wrong', role: 'patient' }),
    );
    // The link stays good.
    expect((await desk.confirm(token)).status).toBe(200);
  });

  it('lets nobody guess the password', async () => {
    const email = await desk.signedUp();
    const token = await desk.tokenFor(email);
    // One more than the burst is the first one that is given back in time.
    for (let turn = 0; turn <= AT_ONCE; turn += 1) {
      await expectRefusal(await desk.confirm(token, `guess number ${turn} of many`), 403, 'password_wrong');
    }
    await expectRefusal(await desk.confirm(token), 429, 'rate_limited');
  });

  it('gives the address back to its owner by a new password, whoever signed up with it last', async () => {
    const email = await desk.signedUp();
    server.clock.advance(MAIL_PAUSE_MS);
    await desk.signUp({ email, dateOfBirth: '1990-02-03', password: 'only a stranger knows this' });
    const stranger = await desk.tokenFor(email, 2);
    await expectRefusal(await desk.confirm(stranger), 403, 'password_wrong');
    await desk.post('password/forgot', { email });
    const reset = await desk.tokenFor(email, 3);
    expect((await desk.post('password/reset', { token: reset, password: NEW_PASSWORD })).status).toBe(200);
    await expectRefusal(await desk.login(email, 'only a stranger knows this'), 401, 'signin_wrong');
    expect((await desk.login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('gives it back also while the stranger signs up with it again and again', async () => {
    const email = await desk.signedUp();
    await desk.post('password/forgot', { email });
    const reset = await desk.tokenFor(email, 2);
    for (let round = 0; round < 2; round += 1) {
      await desk.signUp({ email, dateOfBirth: '1990-02-03', password: 'only a stranger knows this' });
      await requestsHandled(server);
    }
    expect((await desk.post('password/reset', { token: reset, password: NEW_PASSWORD })).status).toBe(200);
    expect((await desk.login(email, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await desk.login(email, 'only a stranger knows this'), 401, 'signin_wrong');
  });

  it('mails no word of who signed up: an address is not theirs yet, and may be anybody’s whom they want to deceive', async () => {
    const email = newAddress();
    const name = 'Your account was stolen, see evil.example';
    await desk.signUp({ email, name, dateOfBirth: '1990-02-03' });
    await nextMail(server, desk.administrator, email);
    await desk.post('password/forgot', { email });
    await nextMail(server, desk.administrator, email, 2);
    expect(JSON.stringify(await mailsTo(server, desk.administrator, email))).not.toContain('evil');
  });

  it('works once, also when asked for many times at once', async () => {
    const token = await desk.tokenFor(await desk.signedUp());
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => desk.confirm(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: AT_ONCE - 1 }, () => 410),
    ]);
  });

  it('works for 24 hours', async () => {
    const email = await desk.signedUp();
    const token = await desk.tokenFor(email);
    const before = server.clock.now();
    server.clock.advance(CONFIRMATION_LIFETIME_MS);
    await expectRefusal(await desk.confirm(token), 410, 'link_expired');
    server.clock.set(before + CONFIRMATION_LIFETIME_MS - 1);
    expect((await desk.confirm(token)).status).toBe(200);
    server.clock.set(before);
  });

  it('can be sent again, also by others: no link is void before one of them was used', async () => {
    const email = await desk.signedUp();
    const first = await desk.tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS);
    await desk.post('email/resend', { email });
    const second = await desk.tokenFor(email, 2);
    expect((await desk.confirm(first)).status).toBe(200);
    await expectRefusal(await desk.confirm(second), 410, 'link_expired');
  });

  it('keeps no token in the database, in logs, or in the part of an address that is sent (P3)', async () => {
    const email = await desk.signedUp();
    const mail = await nextMail(server, desk.administrator, email);
    const token = tokenOf(mail);
    expect(mail.text).toContain(`/verify#token=${token}`);
    expect(JSON.stringify(await server.database.connection.collection('link_tokens').find().toArray())).not.toContain(
      token,
    );
    await desk.confirm(token);
    expect(server.logLines.join('')).not.toContain(token);
    expect(server.logLines.join('')).not.toContain(email);
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
      await plain(await desk.post(path, { email: known.email, ...parts })),
      await plain(await desk.post(path, { email: newAddress(), ...parts })),
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
        await (await desk.post('password/forgot', { email: emailOf() })).text();
        times.push(performance.now() - start);
        await requestsHandled(server);
      }
      return times.sort((a, b) => a - b)[10] ?? 0;
    };
    const [knownMs, unknownMs] = [await median(() => known.email), await median(newAddress)];
    expect(Math.abs(knownMs - unknownMs)).toBeLessThan(Math.max(knownMs, unknownMs) / 2 + 2);
  });
});
