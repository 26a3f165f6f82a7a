import { authenticatorSetupSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, signedInAccountOf } from '../testing/answers.ts';
import { administratorOf, nextMail } from '../testing/inbox.ts';
import { recoveryCodesOf, SECOND_FACTOR, SecondFactorDesk, STEP_MS } from '../testing/second-factor-desk.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';
import { REPLACEMENT_LIFETIME_MS } from './second-factor.service.ts';

let server: TestServer;
let factors: SecondFactorDesk;

beforeAll(async () => {
  server = await TestServer.start({ HC_TRUST_PROXY: '1' });
  factors = SecondFactorDesk.create(server);
});
afterAll(() => server.close());

describe('a lost phone', () => {
  it('does not keep its owner from giving the second factor up: a recovery code does', async () => {
    const { person, browser, recoveryCodes } = await factors.protectedPerson();
    const [recoveryCode = ''] = recoveryCodes;
    const disable = (proof: object) =>
      browser.call('POST', `${SECOND_FACTOR}/disable`, { body: { password: PASSWORD, ...proof } });
    for (const proof of [{}, { code: '000000', recoveryCode }]) {
      await expectRefusal(await disable(proof), 400, 'validation_failed');
    }
    await expectRefusal(await disable({ recoveryCode: 'a'.repeat(16) }), 403, 'second_factor_wrong');
    expect((await disable({ recoveryCode })).status).toBe(200);
    expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
  });

  it('is replaced by another authenticator with a recovery code, and only once that one has proved itself', async () => {
    const { person, browser, secret, recoveryCodes } = await factors.protectedPerson();
    const [first = '', other = '', third = ''] = recoveryCodes;
    const begin = (proof: object) =>
      browser.call('POST', `${SECOND_FACTOR}/setup`, { body: { password: PASSWORD, ...proof } });
    const confirm = (code: string) => browser.call('POST', `${SECOND_FACTOR}/confirm`, { body: { code } });
    await expectRefusal(await begin({ recoveryCode: 'a'.repeat(16) }), 403, 'second_factor_wrong');
    await expectRefusal(await begin({ code: '000000' }), 403, 'second_factor_wrong');
    await expectRefusal(await confirm(factors.codeAt(secret)), 409, 'conflict');
    const begun = await begin({ recoveryCode: first });
    expect(begun.status).toBe(200);
    const next = authenticatorSetupSchema.parse(await begun.json()).secret;
    await expectRefusal(await begin({ recoveryCode: first }), 403, 'second_factor_wrong');
    // Until then, the one before counts.
    expect((await factors.second(await factors.ticketFor(person), { code: factors.codeAt(secret) })).status).toBe(200);
    server.clock.advance(STEP_MS);
    await expectRefusal(await confirm(factors.codeAt(secret)), 403, 'second_factor_wrong');
    const confirmed = await confirm(factors.codeAt(next));
    expect(confirmed.status).toBe(200);
    const renewed = await recoveryCodesOf(confirmed);
    server.clock.advance(STEP_MS);
    await expectRefusal(
      await factors.second(await factors.ticketFor(person), { code: factors.codeAt(secret) }),
      403,
      'second_factor_wrong',
    );
    const old = await factors.second(await factors.ticketFor(person), { recoveryCode: other });
    await expectRefusal(old, 403, 'second_factor_wrong');
    expect(renewed).not.toContain(third);
    expect((await factors.second(await factors.ticketFor(person), { code: factors.codeAt(next) })).status).toBe(200);
    expect((await factors.second(await factors.ticketFor(person), { recoveryCode: renewed[0] ?? '' })).status).toBe(
      200,
    );
    const administrator = await administratorOf(server);
    const mail = await nextMail(server, administrator, person.email, 2);
    expect(mail.subject).toBe('Your second step is on another device');
  });

  it('leaves fifteen minutes for the other authenticator', async () => {
    const { browser, secret } = await factors.protectedPerson();
    const begun = await browser.call('POST', `${SECOND_FACTOR}/setup`, {
      body: { password: PASSWORD, code: factors.codeAt(secret) },
    });
    const next = authenticatorSetupSchema.parse(await begun.json()).secret;
    server.clock.advance(REPLACEMENT_LIFETIME_MS);
    await browser.refresh();
    const late = await browser.call('POST', `${SECOND_FACTOR}/confirm`, { body: { code: factors.codeAt(next) } });
    await expectRefusal(late, 409, 'conflict');
  });

  it('may take new recovery codes, which void those of before', async () => {
    const { person, browser, secret, recoveryCodes } = await factors.protectedPerson();
    const renew = (proof: object) => browser.call('POST', `${SECOND_FACTOR}/recovery-codes`, { body: proof });
    await expectRefusal(await renew({ password: 'wrong', code: factors.codeAt(secret) }), 403, 'password_wrong');
    await expectRefusal(await renew({ password: PASSWORD, code: '000000' }), 403, 'second_factor_wrong');
    const renewed = await recoveryCodesOf(await renew({ password: PASSWORD, code: factors.codeAt(secret) }));
    expect(new Set([...renewed, ...recoveryCodes]).size).toBe(20);
    const old = await factors.second(await factors.ticketFor(person), { recoveryCode: recoveryCodes[0] ?? '' });
    await expectRefusal(old, 403, 'second_factor_wrong');
    expect((await factors.second(await factors.ticketFor(person), { recoveryCode: renewed[0] ?? '' })).status).toBe(
      200,
    );
    expect(await (await browser.call('GET', SECOND_FACTOR)).json()).toMatchObject({ recoveryCodesLeft: 9 });
    const administrator = await administratorOf(server);
    expect((await nextMail(server, administrator, person.email, 2)).subject).toBe('You have new recovery codes');
    const stranger = await TestBrowser.signedIn(server, await server.person('patient', 'Without'));
    const without = await stranger.call('POST', `${SECOND_FACTOR}/recovery-codes`, {
      body: { password: PASSWORD, code: '000000' },
    });
    await expectRefusal(without, 409, 'conflict');
  });

  it('leaves in the trail who typed a wrong code, and each change', async () => {
    const { person, browser, secret } = await factors.protectedPerson();
    await factors.second(await factors.ticketFor(person), { code: '000000' });
    await browser.call('POST', `${SECOND_FACTOR}/recovery-codes`, { body: { password: PASSWORD, code: '000000' } });
    await browser.call('POST', `${SECOND_FACTOR}/recovery-codes`, {
      body: { password: PASSWORD, code: factors.codeAt(secret) },
    });
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
