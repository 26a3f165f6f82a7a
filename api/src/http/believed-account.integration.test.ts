import { ACCOUNT_HEADER, endpoints, failureSchema, readsSession, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient, HandshakeRefused } from '../testing/app-socket-client.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let ana: Person;
let ben: Person;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  ana = await server.person('patient', 'Ana');
  ben = await server.person('patient', 'Ben');
  cookie = await server.signIn(ben);
});
afterAll(() => server.close());

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const ofSession = areas
  .flatMap((area) => Object.values(area))
  .filter(readsSession)
  .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

const believing = (accountId: string) => ({ [ACCOUNT_HEADER]: accountId });

describe('a page that still shows who was signed in before (R34)', () => {
  it.each(ofSession)('%s is refused, whatever else is wrong with it', async (_name, { method, path, upload, body }) => {
    const address = path.replaceAll(/:[a-zA-Z]+/g, ana.id);
    const type = upload?.contentTypes[0];
    const headers = { ...believing(ana.id), ...(type === undefined ? {} : { 'content-type': type }) };
    const response = await server.call(method, address, { cookie, headers, ...(body && { body: {} }) });
    await expectRefusal(response, 409, 'account_changed');
  });

  it('changes nothing of the account behind the cookie', async () => {
    const body = { change: { role: 'patient', name: 'Ana Lind' } };
    const wrong = await server.call('PUT', '/api/profile', { cookie, body, headers: believing(ana.id) });
    await expectRefusal(wrong, 409, 'account_changed');
    const now = await server.call('GET', '/api/auth/me', { cookie, headers: believing(ben.id) });
    expect(await now.json()).toMatchObject({ account: { id: ben.id, name: 'Ben' } });
    const right = await server.call('PUT', '/api/profile', { cookie, body, headers: believing(ben.id) });
    expect(right.status).toBe(200);
  });

  it.each(['', 'x', '{"$ne":1}'])('that says %j means nobody here', async (said) => {
    await expectRefusal(
      await server.call('GET', '/api/auth/me', { cookie, headers: believing(said) }),
      409,
      'account_changed',
    );
  });

  it('is asked to sign in when nobody is, and may say nothing at all', async () => {
    await expectRefusal(
      await server.call('GET', '/api/auth/me', { headers: believing(ana.id) }),
      401,
      'unauthenticated',
    );
    expect((await server.call('GET', '/api/auth/me', { cookie })).status).toBe(200);
  });
});

describe('the app socket of such a page', () => {
  const open = (auth: Readonly<Record<string, unknown>>) =>
    AppSocketClient.connect(server.url, cookie, { origin: PUBLIC_URL }, ['websocket'], auth);
  const refusal = async (auth: Readonly<Record<string, unknown>>): Promise<string> => {
    const outcome: unknown = await open(auth).catch((error: unknown) => error);
    if (!(outcome instanceof HandshakeRefused)) throw new Error('The handshake was not refused');
    return failureSchema.parse(outcome.data).code;
  };

  it('is not opened, nor is one that says nonsense', async () => {
    expect(await refusal({ accountId: ana.id })).toBe('account_changed');
    expect(await refusal({ accountId: { $ne: '' } })).toBe('validation_failed');
  });

  it('is opened for who is shown', async () => {
    for (const auth of [{ accountId: ben.id }, {}]) (await open(auth)).close();
  });
});
