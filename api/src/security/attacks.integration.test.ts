import { endpoints, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { PASSWORD, PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';
import { MAX_SOCKETS_PER_ACCOUNT, REQUEST_BURST } from '../realtime/socket-limits.ts';

let server: TestServer;
let doctor: Person;
let patient: Person;
let administrator: Person;
let appointmentId: string;
const cookies = new Map<string, string>();

beforeAll(async () => {
  server = await TestServer.start();
  await server.report(server.node.heartbeat());
  doctor = await server.person('doctor', 'Dr. Dana');
  patient = await server.person('patient', 'Pat');
  administrator = await server.person('administrator', 'Ada');
  appointmentId = await server.appointment(doctor, patient);
  for (const person of [doctor, patient, administrator]) cookies.set(person.role, await server.signIn(person));
});
afterAll(() => server.close());

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const declared = areas
  .flatMap((area) => Object.values(area))
  .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);
const changing = declared.filter(([, { method, access }]) => method !== 'GET' && access.kind !== 'media-node');

/** Somebody whom the route lets in, so that what is tested is behind the door. */
function cookieFor({ access }: Endpoint): string | undefined {
  if (access.kind === 'public' || access.kind === 'media-node') return undefined;
  return cookies.get(access.kind === 'roles' ? access.roles[0] : 'doctor');
}

const pathOf = (endpoint: Endpoint): string =>
  endpoint.path.replace(/:([a-zA-Z]+)/g, (_whole, name: string) =>
    name === 'sessionId' ? '0b7e1c1e-8c1b-4a5e-9d7e-111111111111' : name === 'doctorId' ? doctor.id : appointmentId,
  );

/** Everything that is stored beside the audit trail, the rate limits and the nodes' heartbeats. */
async function fingerprint(): Promise<string> {
  const db = server.database.connection;
  const names = ['accounts', 'appointments', 'sessions', 'doctors', 'patients'];
  const all = await Promise.all(names.map((name) => db.collection(name).find({}).sort({ _id: 1 }).toArray()));
  return JSON.stringify(all);
}

describe('requests that a page of another site can make a browser send (A14)', () => {
  const types = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'TEXT/PLAIN',
    'Text/Plain; charset=UTF-8',
    'text/plain; application/json',
    'application/json-patch+json',
    'x/application/json',
  ];

  it.each(changing)('%s changes nothing', async (_name, endpoint) => {
    const before = await fingerprint();
    for (const type of types) {
      const body = JSON.stringify({ email: doctor.email, password: PASSWORD, doctorId: doctor.id });
      const call = { body, headers: { 'content-type': type } };
      const response = await server.call(endpoint.method, pathOf(endpoint), { ...call, cookie: cookieFor(endpoint) });
      expect(response.status, type).toBe(415);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await fingerprint()).toBe(before);
  });

  it.each(changing)(
    '%s takes no JSON of another origin, in whatever case its type is written',
    async (_name, endpoint) => {
      const before = await fingerprint();
      for (const origin of ['https://evil.example', 'null', `${PUBLIC_URL}.evil.example`, 'http://localhost:3001']) {
        const headers = { origin, 'content-type': 'APPLICATION/JSON', 'sec-fetch-site': 'cross-site' };
        const call = { body: '{}', headers, cookie: cookieFor(endpoint) };
        expect((await server.call(endpoint.method, pathOf(endpoint), call)).status).toBe(403);
      }
      expect(await fingerprint()).toBe(before);
    },
  );

  it.each(['https://evil.example', 'null', `${PUBLIC_URL}.evil.example`, 'http://localhost:3001'])(
    'refuses the WebSocket handshake of %s',
    async (origin) => {
      for (const transport of ['websocket', 'polling']) {
        const attempt = AppSocketClient.connect(server.url, cookies.get('doctor'), { origin }, [transport]);
        await expect(attempt).rejects.toThrow();
      }
    },
  );

  it('takes the handshake of its own pages', async () => {
    const client = await AppSocketClient.connect(server.url, cookies.get('doctor'), { origin: PUBLIC_URL });
    client.close();
  });
});

/** Fields of queries that hold what people type. */
const FREE_TEXT: ReadonlySet<string> = new Set(['term', 'specialization', 'language']);

describe('operators where values belong (A15)', () => {
  const corpus: readonly unknown[] = [
    { $ne: null },
    { $gt: '' },
    { $where: 'sleep(1000)' },
    { $regex: '.*' },
    { $in: [1] },
    [],
    ['a', 'b'],
    [{ $ne: 1 }],
    {},
    null,
    true,
    0,
    -1,
    1e309,
    '',
    '\u0000',
    '$ne',
    '__proto__',
    'x'.repeat(5000),
  ];
  const fields = [
    'email',
    'password',
    'doctorId',
    'name',
    'role',
    'token',
    'code',
    'ticket',
    'currentPassword',
    'newPassword',
    'id',
  ];
  const bodies: readonly string[] = [
    ...corpus.map((value) => JSON.stringify(Object.fromEntries(fields.map((field) => [field, value])))),
    ...corpus.map((value) => JSON.stringify(value)),
    '{"__proto__":{"role":"administrator"},"email":"a@b.example","password":"x"}',
    '{"constructor":{"prototype":{"role":"administrator"}}}',
    '{"$where":"1"}',
    '{"email":{"$ne":null},"password":{"$ne":null}}',
    '{"email":["a@b.example"],"password":["x"]}',
    '{"email":"a@b.example","email":{"$ne":1},"password":{"$gt":""}}',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  ];
  const texts = [
    '$ne',
    '[$ne]',
    '%7B%22$ne%22:null%7D',
    '__proto__',
    'constructor',
    '..%2f..%2f',
    '%00',
    'a,b',
    '%F0%9F%92%A9',
  ];

  it.each(declared.filter(([, { body }]) => body !== undefined))(
    '%s refuses them in its body',
    async (_name, endpoint) => {
      const before = await fingerprint();
      // What the contract takes as it stands (an empty search) is no attack.
      const hostile = bodies.filter((body) => endpoint.body?.safeParse(JSON.parse(body)).success !== true);
      for (const body of hostile) {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.node.sign(body)}` };
        const response = await server.call(endpoint.method, pathOf(endpoint), {
          body,
          headers,
          cookie: cookieFor(endpoint),
        });
        expect([400, 429], `${response.status} for ${body.slice(0, 80)}`).toContain(response.status);
      }
      expect(await fingerprint()).toBe(before);
    },
  );

  it.each(declared.filter(([, { path }]) => path.includes(':')))(
    '%s refuses them in its path',
    async (_name, endpoint) => {
      for (const text of texts) {
        const path = endpoint.path.replace(/:([a-zA-Z]+)/g, text);
        const { status } = await server.call(endpoint.method, path, { cookie: cookieFor(endpoint) });
        expect([400, 404, 415], text).toContain(status);
      }
    },
  );

  it.each(declared.filter(([, { query }]) => query !== undefined))(
    '%s refuses them in its query',
    async (_name, endpoint) => {
      const names = [...Object.keys(endpoint.query?.shape ?? {}), '__proto__', '$where'];
      for (const name of names) {
        for (const query of [
          `${name}[$ne]=1`,
          `${name}=1&${name}=2`,
          `${name}[]=1`,
          `${name}=%7B%22$gt%22:%22%22%7D`,
        ]) {
          const path = `${pathOf(endpoint)}?${query}`;
          // What people type into the directory is text, whatever its signs: searched for as words, never a condition.
          const isText = FREE_TEXT.has(name) && query.endsWith('%7D');
          const { status } = await server.call(endpoint.method, path, { cookie: cookieFor(endpoint) });
          expect(status, query).toBe(isText ? 200 : 400);
        }
      }
    },
  );

  it('leaves every prototype as it was', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('role' in {}).toBe(false);
  });
});

describe('sockets (A9)', () => {
  const watch = { consultationId: 'f'.repeat(24) };

  it('are limited in number by account, and others are not affected', async () => {
    const cookie = cookies.get('doctor');
    const clients = await Promise.all(
      Array.from({ length: MAX_SOCKETS_PER_ACCOUNT }, () => AppSocketClient.connect(server.url, cookie)),
    );
    await expect(AppSocketClient.connect(server.url, cookie)).rejects.toThrow('limit_exceeded');
    const other = await AppSocketClient.connect(server.url, cookies.get('patient'));
    for (const client of [...clients, other]) client.close();
  });

  it('are limited in rate, and others are not affected', async () => {
    const [flood, other] = [
      await AppSocketClient.connect(server.url, cookies.get('doctor')),
      await AppSocketClient.connect(server.url, cookies.get('patient')),
    ];
    const gone = flood.next('disconnect');
    const answers = Array.from({ length: REQUEST_BURST + 40 }, () => flood.request('consultation.watch', watch));
    const codes = (await Promise.all(answers)).map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.filter((code) => code === 'rate_limited').length).toBeGreaterThan(0);
    expect(await other.request('consultation.watch', { consultationId: appointmentId })).toMatchObject({ ok: true });
    for (let request = 0; request < 400; request += 1) flood.socket.emit('consultation.watch', watch, () => undefined);
    expect(await gone).toBe('io server disconnect');
    other.close();
  });
});

describe('script in what people store (A13)', () => {
  const corpus = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "javascript:alert('x')",
    '</script><svg/onload=alert(1)>',
    '{{constructor.constructor("alert(1)")()}}',
    '\u2028alert(1)\u2029',
    '<iframe srcdoc="<script>alert(1)</script>">',
  ];

  it.each(corpus)('%s comes back as the same text, as data that no browser runs', async (text) => {
    const author = await server.person('patient', text);
    const id = await server.appointment(doctor, author, 0, { reason: text });
    const response = await server.call('GET', `/api/appointments/${id}`, { cookie: cookies.get('doctor') });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(await response.json()).toMatchObject({ appointment: { reason: text, patient: { name: text } } });
  });

  it('is not repeated by refusals', async () => {
    const marker = '<script>canary</script>';
    const path = `/api/appointments/${encodeURIComponent(marker)}`;
    for (const response of [
      await server.call('GET', path, { cookie: cookies.get('doctor') }),
      await server.call('POST', '/api/auth/login', { body: { email: marker, password: marker, [marker]: marker } }),
      await server.call('GET', `/${encodeURIComponent(marker)}`),
    ]) {
      expect(await response.text()).not.toContain('canary');
    }
  });
});

describe('pages', () => {
  it('are told by the header to load nothing from elsewhere and to connect to the media server alone', async () => {
    const policy = (await server.call('GET', '/')).headers.get('content-security-policy') ?? '';
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain('unsafe-eval');
    const connect = policy.split('; ').find((part) => part.startsWith('connect-src'));
    const [own, media] = [new URL(PUBLIC_URL).host, new URL(server.config.mediaPublicUrl).host];
    expect(connect).toBe(`connect-src 'self' http://${own} ws://${own} http://${media} ws://${media}`);
  });
});

it('keeps names, texts and secrets out of logs, addresses and places where they do not belong (P3)', async () => {
  const canary = 'canary7f3a';
  const person = await server.person('patient', `Zoe ${canary}`);
  const id = await server.appointment(doctor, person, 0, { reason: `${canary} reason`, comment: `${canary} notes` });
  const cookie = await server.signIn(person);
  const token = /=([^;]+)/.exec(cookie)?.[1] ?? '';
  await server.call('POST', '/api/auth/login', {
    body: { email: `${canary}@test.example`, password: `${canary} pass` },
  });
  await server.call('GET', `/api/appointments/${id}?name=${canary}`, { cookie });
  await server.call('GET', `/api/appointments/${id}`, {
    cookie,
    headers: { 'user-agent': canary, referer: `http://${canary}/` },
  });
  const join = await server.call('POST', `/api/consultations/${id}/join`, { cookie });
  const grant: unknown = await join.json();
  await server.call('POST', '/api/auth/login', { body: `{"email":"${canary}` });
  const socket = await AppSocketClient.connect(server.url, cookie);
  await socket.raw(`consultation.${canary}`, { name: canary });
  socket.close();

  const logs = server.logLines.join('');
  expect(logs.length).toBeGreaterThan(1000);
  for (const secret of [canary, token, PASSWORD, joinTokenOf(grant)]) expect(logs).not.toContain(secret);
  const trail = JSON.stringify(await server.database.connection.collection('audit_entries').find({}).toArray());
  for (const secret of [canary, token, PASSWORD, joinTokenOf(grant)]) expect(trail).not.toContain(secret);
  const stored = JSON.stringify(await server.database.connection.collection('sessions').find({}).toArray());
  for (const secret of [token, PASSWORD]) expect(stored).not.toContain(secret);
});

function joinTokenOf(grant: unknown): string {
  if (typeof grant === 'object' && grant !== null && 'token' in grant && typeof grant.token === 'string') {
    return grant.token;
  }
  throw new Error('There is no join token');
}
