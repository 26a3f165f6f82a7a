import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { mailsTo, nextMail, requestsHandled } from '../testing/inbox.ts';
import { SignUpDesk } from '../testing/sign-up-desk.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';
import { MAIL_PAUSE_MS, RESET_LIFETIME_MS } from './account-request.service.ts';

const NEW_PASSWORD = 'violet tram under seven bridges';

let server: TestServer;
let desk: SignUpDesk;

beforeAll(async () => {
  server = await TestServer.start();
  desk = await SignUpDesk.create(server);
});
afterAll(() => server.close());

const accounts = () => server.database.connection.collection('accounts');

describe('a forgotten password', () => {
  const person = () => server.person('patient', 'Forgetful Person');

  it('is replaced by a link that works once, and every session ends', async () => {
    const { email, ...rest } = await person();
    const cookie = await server.signIn({ email, ...rest });
    expect((await desk.post('password/forgot', { email })).status).toBe(202);
    const token = await desk.tokenFor(email);
    // A password that is refused leaves the link good.
    await expectRefusal(await desk.post('password/reset', { token, password: 'password1234' }), 400, 'password_common');
    expect((await desk.post('password/reset', { token, password: NEW_PASSWORD })).status).toBe(200);
    await expectRefusal(await server.call('GET', '/api/auth/me', { cookie }), 401, 'unauthenticated');
    await expectRefusal(await desk.login(email), 401, 'signin_wrong');
    expect((await desk.login(email, NEW_PASSWORD)).status).toBe(200);
    await expectRefusal(await desk.post('password/reset', { token, password: PASSWORD }), 410, 'link_expired');
    expect((await nextMail(server, desk.administrator, email, 2)).subject).toBe('Your password was changed');
  });

  it('comes back by any of the links that were asked for: others who ask, too, cannot void the one that its owner opens', async () => {
    const { email } = await person();
    await desk.post('password/forgot', { email });
    const first = await desk.tokenFor(email);
    server.clock.advance(MAIL_PAUSE_MS);
    await desk.post('password/forgot', { email });
    const second = await desk.tokenFor(email, 2);
    expect((await desk.post('password/reset', { token: first, password: NEW_PASSWORD })).status).toBe(200);
    // Once it was set, none of them is good for anything.
    await expectRefusal(await desk.post('password/reset', { token: second, password: PASSWORD }), 410, 'link_expired');
    expect((await desk.login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('works for 30 minutes', async () => {
    const { email } = await person();
    await desk.post('password/forgot', { email });
    const token = await desk.tokenFor(email);
    const before = server.clock.now();
    server.clock.advance(RESET_LIFETIME_MS);
    await expectRefusal(await desk.post('password/reset', { token, password: NEW_PASSWORD }), 410, 'link_expired');
    server.clock.set(before);
  });

  it('is not replaced by the token of another purpose', async () => {
    const email = await desk.signedUp();
    const token = await desk.tokenFor(email);
    await expectRefusal(await desk.post('password/reset', { token, password: NEW_PASSWORD }), 410, 'link_expired');
  });

  it('brings no mail to a disabled account', async () => {
    const { email } = await person();
    await accounts().updateOne({ email }, { $set: { status: 'disabled', disabledAt: new Date() } });
    await desk.post('password/forgot', { email });
    await requestsHandled(server);
    expect(await mailsTo(server, desk.administrator, email)).toEqual([]);
  });
});

describe('a mailed link to set a password', () => {
  it('is void once the password was changed by who is signed in', async () => {
    const person = await server.person('patient', 'Pass Word');
    await desk.post('password/forgot', { email: person.email });
    const token = await desk.tokenFor(person.email);
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const cookie = await server.signIn(person);
    expect((await server.call('POST', '/api/auth/password/change', { cookie, body })).status).toBe(200);
    const reset = await desk.post('password/reset', { token, password: 'another one that is not known' });
    await expectRefusal(reset, 410, 'link_expired');
    expect((await desk.login(person.email, NEW_PASSWORD)).status).toBe(200);
  });
});
