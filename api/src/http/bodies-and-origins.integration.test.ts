import { request } from 'node:http';
import { endpoints, errorBodySchema, fillPath, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { goodBody, nameOf, REFUSED_ALL_THE_SAME, type BodyFacts } from '../testing/good-bodies.ts';
import { hostileBodies } from '../testing/hostile-bodies.ts';
import { PASSWORD, PUBLIC_URL, TestServer, type Call, type Person } from '../testing/test-server.ts';

let server: TestServer;
let doctor: Person;
let appointmentId: string;
let doctorCookie: string;
let administratorCookie: string;
let patientCookie: string;
let employee: Person;

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Dana');
  const patient = await server.person('patient', 'Pat');
  patientCookie = await server.signIn(patient);
  appointmentId = await server.appointment(doctor, patient);
  doctorCookie = await server.signIn(doctor);
  administratorCookie = await server.signIn(await server.person('administrator', 'Ada'));
  employee = await server.person('staff', 'Sam');
});
afterAll(() => server.close());

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const declared = areas.flatMap((area) => Object.values(area));
const facts = (): BodyFacts => ({ server, doctor, appointmentId });
const withBody = declared
  .filter(({ body }) => body !== undefined)
  .map((endpoint) => [nameOf(endpoint), endpoint] as const);
const changing = declared
  .filter(({ method }) => method !== 'GET')
  .map((endpoint) => [nameOf(endpoint), endpoint] as const);

async function expectTaken(endpoint: Endpoint, response: Response): Promise<void> {
  const refusals = REFUSED_ALL_THE_SAME[nameOf(endpoint)];
  if (refusals === undefined) {
    expect([nameOf(endpoint), response.status]).toEqual([nameOf(endpoint), endpoint.status]);
    return;
  }
  const { error } = errorBodySchema.parse(await response.json());
  expect(refusals).toContain(error.code);
}

/** Ids of things that are not there, for every path. */
const unknownId = '0123456789abcdef01234567';
const NO_IDS = {
  appointmentId: unknownId,
  consultationId: unknownId,
  doctorId: unknownId,
  accountId: unknownId,
  invitationId: unknownId,
  holdId: unknownId,
  sessionId: '01234567-89ab-4def-8123-456789abcdef',
};

/** Somebody who may call it. */
const cookieFor = ({ access }: Endpoint): string => {
  if (access.kind !== 'roles' || access.roles.includes('doctor')) return doctorCookie;
  return access.roles.includes('administrator') ? administratorCookie : patientCookie;
};

/** Path with ids of things that are there. */
const pathOf = (endpoint: Endpoint): string =>
  fillPath(endpoint.path, {
    ...NO_IDS,
    appointmentId,
    consultationId: appointmentId,
    doctorId: doctor.id,
    accountId: employee.id,
  });

/** Sends a body as somebody who may: what is tested is the body alone. */
function send(endpoint: Endpoint, body: string, call: Call = {}): Promise<Response> {
  const byNode = endpoint.access.kind === 'media-node';
  return server.call(endpoint.method, pathOf(endpoint), {
    body,
    // Signing in would end the session that comes with it.
    ...(byNode || endpoint.access.kind === 'public' ? {} : { cookie: cookieFor(endpoint) }),
    ...call,
    headers: { ...(byNode ? { authorization: `Bearer ${server.node.sign(body)}` } : {}), ...call.headers },
  });
}

/** Sends a body in pieces whose sum is not announced. */
async function statusOfChunked(endpoint: Endpoint, body: string): Promise<number | undefined> {
  const asked = request(server.url + pathOf(endpoint), {
    method: endpoint.method,
    headers: { 'content-type': 'application/json', cookie: cookieFor(endpoint), 'transfer-encoding': 'chunked' },
  });
  const answered = Promise.withResolvers<number | undefined>();
  asked.once('response', (response) => answered.resolve(response.resume().statusCode));
  asked.once('error', answered.reject);
  for (let at = 0; at < body.length; at += 8192) asked.write(body.slice(at, at + 8192));
  asked.end();
  return answered.promise;
}

describe.each(withBody)('the body of %s (A15, R34)', (_name, endpoint) => {
  it('is refused by 400 when it is anything else than declared', async () => {
    const bodies = hostileBodies(endpoint, goodBody(endpoint, facts()));
    expect(bodies.length).toBeGreaterThan(25);
    for (const body of bodies) await expectRefusal(await send(endpoint, body), 400, 'validation_failed');
  });

  it('is refused by 400 when it is not UTF-8', async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    const response = await fetch(server.url + pathOf(endpoint), {
      method: endpoint.method,
      headers: { 'content-type': 'application/json', cookie: cookieFor(endpoint) },
      body: bytes,
    });
    if (endpoint.access.kind === 'media-node') await expectRefusal(response, 401, 'unauthenticated');
    else await expectRefusal(response, 400, 'validation_failed');
  });

  it('is refused by 413 above 64 KB, announced or not', async () => {
    const large = JSON.stringify({
      ...goodBody(endpoint, facts()),
      padding: 'x'.repeat(endpoint.bodyLimitBytes ?? 65_536),
    });
    await expectRefusal(await send(endpoint, large), 413, 'body_too_large');
    expect(await statusOfChunked(endpoint, large)).toBe(413);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'application/json; charset=utf-16',
    'text/plain; application/json',
  ])('is refused by 415 as %s (A14)', async (type) => {
    const body = JSON.stringify(goodBody(endpoint, facts()));
    await expectRefusal(
      await send(endpoint, body, { headers: { 'content-type': type } }),
      415,
      'unsupported_media_type',
    );
  });

  it('is refused by 415 when it is compressed', async () => {
    const body = JSON.stringify(goodBody(endpoint, facts()));
    const response = await send(endpoint, body, { headers: { 'content-encoding': 'gzip' } });
    await expectRefusal(response, 415, 'unsupported_media_type');
  });

  it('is taken when it is as declared, whatever the case of the media type', async () => {
    const body = JSON.stringify(goodBody(endpoint, facts()));
    const response = await send(endpoint, body, { headers: { 'content-type': 'Application/JSON; Charset="UTF-8"' } });
    await expectTaken(endpoint, response);
  });
});

describe.each(changing)('%s from another site (CSRF, A14)', (_name, endpoint) => {
  const headersOfOthers = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${PUBLIC_URL}.evil.example` },
    { origin: 'http://localhost:3001' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: PUBLIC_URL },
    { 'sec-fetch-site': 'none' },
  ];

  it('is refused', async () => {
    if (endpoint.access.kind === 'media-node') return;
    for (const headers of headersOfOthers) {
      const body = endpoint.body === undefined ? undefined : JSON.stringify(goodBody(endpoint, facts()));
      await expectRefusal(
        await server.call(endpoint.method, pathOf(endpoint), { cookie: cookieFor(endpoint), headers, body }),
        403,
        'forbidden',
      );
    }
  });
});

it('takes a state-changing request from its own pages', async () => {
  const headers = { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
  const body = { email: doctor.email, password: PASSWORD };
  expect((await server.call('POST', '/api/auth/login', { headers, body })).status).toBe(200);
});

it('refuses what a form would send, also where no body is expected', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const cookie = await server.signIn(doctor);
  await expectRefusal(
    await server.call('POST', '/api/auth/logout', { cookie, headers }),
    415,
    'unsupported_media_type',
  );
  expect((await server.call('GET', '/api/auth/me', { cookie })).status).toBe(200);
});
