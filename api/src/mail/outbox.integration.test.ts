import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { administratorOf, mailsTo } from '../testing/inbox.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let administrator: string;

beforeAll(async () => {
  server = await TestServer.start();
  administrator = await administratorOf(server);
});
afterAll(() => server.close());

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
