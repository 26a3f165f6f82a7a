import { authenticatorSetupSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal, signedInAccountOf } from '../testing/answers.ts';
import { SECOND_FACTOR, SecondFactorDesk, ticketOf } from '../testing/second-factor-desk.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let factors: SecondFactorDesk;

beforeAll(async () => {
  server = await TestServer.start({ HC_REQUIRE_SECOND_FACTOR: '1' });
  factors = SecondFactorDesk.create(server);
});
afterAll(() => server.close());

const me = (browser: TestBrowser) => browser.call('GET', '/api/auth/me');

describe('a hospital that requires it', () => {
  it('lets doctors and administrators in only once they have set one up', async () => {
    for (const role of ['doctor', 'administrator'] as const) {
      const person = await server.person(role, 'Must Have');
      const browser = new TestBrowser(server);
      const ticket = await ticketOf(await browser.signIn(person.email), 'second-factor-setup');
      await expectRefusal(
        await browser.call('POST', SECOND_FACTOR, { body: { ticket, code: '123456' } }),
        401,
        'ticket_invalid',
      );
      const enrolment = await browser.call('POST', `${SECOND_FACTOR}/enrolment`, { body: { ticket } });
      const { secret } = authenticatorSetupSchema.parse(await enrolment.json());
      const confirm = (code: string) =>
        browser.call('POST', `${SECOND_FACTOR}/enrolment/confirm`, { body: { ticket, code } });
      await expectRefusal(await confirm('000000'), 403, 'second_factor_wrong');
      expect(browser.cookie).toBe('');
      const entered = await confirm(factors.codeAt(secret));
      expect(entered.status).toBe(200);
      const answer = z.object({ recoveryCodes: z.array(z.string()).length(10) }).parse(await entered.json());
      expect(new Set(answer.recoveryCodes).size).toBe(10);
      expect((await me(browser)).status).toBe(200);
      const body = { password: PASSWORD, code: factors.codeAt(secret) };
      await expectRefusal(
        await browser.call('POST', `${SECOND_FACTOR}/disable`, { body }),
        403,
        'second_factor_required',
      );
      const replacement = { password: PASSWORD, recoveryCode: answer.recoveryCodes[0] };
      expect((await browser.call('POST', `${SECOND_FACTOR}/setup`, { body: replacement })).status).toBe(200);
      await ticketOf(await new TestBrowser(server).signIn(person.email), 'second-factor');
      await expectRefusal(await confirm(factors.codeAt(secret)), 401, 'ticket_invalid');
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
      const person = await server.person(role, 'Need Not');
      expect((await signedInAccountOf(await new TestBrowser(server).signIn(person.email))).id).toBe(person.id);
    }
  });
});
