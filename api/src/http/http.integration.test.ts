import { request } from 'node:http';
import {
  endpoints,
  errorBodySchema,
  errorsOf,
  fillPath,
  toOpenApiPath,
  type Endpoint,
  type ErrorCode,
} from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { PASSWORD, PUBLIC_URL, TestServer, type Call, type Person } from '../testing/test-server.ts';
import { SESSION_COOKIE } from './cookie.ts';

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
const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;
const withBody = declared
  .filter(({ body }) => body !== undefined)
  .map((endpoint) => [nameOf(endpoint), endpoint] as const);
const changing = declared
  .filter(({ method }) => method !== 'GET')
  .map((endpoint) => [nameOf(endpoint), endpoint] as const);

const NO_TICKET = 'x'.repeat(43);

/** What needs more than a good body and the right account, and how it is refused without; tested on its own. */
const REFUSED_ALL_THE_SAME: Readonly<Record<string, readonly ErrorCode[]>> = {
  'POST /api/auth/refresh': ['unauthenticated'],
  'POST /api/auth/second-factor': ['ticket_invalid'],
  'POST /api/auth/second-factor/enrolment': ['ticket_invalid'],
  'POST /api/auth/second-factor/enrolment/confirm': ['ticket_invalid'],
  'POST /api/auth/second-factor/confirm': ['conflict', 'second_factor_wrong'],
  'POST /api/auth/second-factor/disable': ['conflict'],
  'POST /api/auth/second-factor/recovery-codes': ['conflict'],
  'POST /api/auth/email/confirm': ['link_expired'],
  'POST /api/auth/password/reset': ['link_expired'],
  'POST /api/auth/invitations/show': ['link_expired'],
  'POST /api/auth/invitations/accept': ['link_expired'],
  'POST /api/appointments': ['slot_unknown'],
  'POST /api/appointments/:appointmentId/follow-up': ['change_not_allowed'],
  'POST /api/appointments/:appointmentId/proposals': ['slot_unknown'],
  'POST /api/appointments/:appointmentId/confirm': ['change_not_allowed'],
  'POST /api/appointments/:appointmentId/decline': ['change_not_allowed'],
  'POST /api/appointments/:appointmentId/cancel': ['version_conflict'],
  'POST /api/appointments/:appointmentId/miss': ['version_conflict'],
  'PUT /api/schedule': ['version_conflict'],
  'POST /api/holds': ['slot_unknown'],
  'POST /api/appointments/:appointmentId/holds': ['slot_unknown'],
  'POST /api/holds/:holdId/extend': ['hold_ended'],
  'PUT /api/appointments/:appointmentId/rating': ['rating_closed'],
  'POST /api/appointments/:appointmentId/note/sign': ['note_conflict'],
  'POST /api/appointments/:appointmentId/note/amendments': ['note_unsigned'],
  'PUT /api/appointments/:appointmentId/note/shared': ['note_unsigned'],
};

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

/** A time that the doctor does not offer. */
const WANTED_TIME = { date: '2030-01-07', startTime: '09:00', endTime: '09:20' };
const WANTED = {
  ...WANTED_TIME,
  mode: 'video',
  reason: 'Test',
  idempotencyKey: '01234567-89ab-4def-8123-456789abcdef',
};

const NO_HOURS = {
  timeZone: 'Europe/Berlin',
  workingTimes: [],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 90,
  confirmation: 'manual',
};

/** A body that is accepted, for each endpoint that takes one. A new endpoint needs a line here. */
function goodBody(endpoint: Endpoint): Record<string, unknown> {
  const bodies: Record<string, () => Record<string, unknown>> = {
    'POST /api/auth/login': () => ({ email: doctor.email, password: PASSWORD }),
    'POST /api/auth/password/change': () => ({ currentPassword: PASSWORD, newPassword: PASSWORD }),
    'POST /api/auth/second-factor': () => ({ ticket: NO_TICKET, code: '123456' }),
    'POST /api/auth/second-factor/enrolment': () => ({ ticket: NO_TICKET }),
    'POST /api/auth/second-factor/enrolment/confirm': () => ({ ticket: NO_TICKET, code: '123456' }),
    'POST /api/auth/second-factor/setup': () => ({ password: PASSWORD }),
    'POST /api/auth/second-factor/confirm': () => ({ code: '123456' }),
    'POST /api/auth/second-factor/disable': () => ({ password: PASSWORD, code: '123456' }),
    'POST /api/auth/second-factor/recovery-codes': () => ({ password: PASSWORD, code: '123456' }),
    'POST /api/appointments/:appointmentId/colleagues': () => ({ doctorId: doctor.id }),
    'POST /api/appointments': () => ({ doctorId: doctor.id, ...WANTED }),
    'POST /api/appointments/:appointmentId/follow-up': () => WANTED,
    'POST /api/appointments/:appointmentId/proposals': () => ({
      ...WANTED_TIME,
      comment: '',
      version: 0,
      idempotencyKey: WANTED.idempotencyKey,
    }),
    'POST /api/appointments/:appointmentId/confirm': () => ({ version: 0, comment: '' }),
    'POST /api/appointments/:appointmentId/decline': () => ({ version: 0, reason: 'Test' }),
    'POST /api/appointments/:appointmentId/cancel': () => ({ version: 99, reason: 'Test' }),
    'POST /api/appointments/:appointmentId/miss': () => ({ version: 99 }),
    'POST /api/appointments/:appointmentId/holds': () => ({ for: 'move', startsAt: '2030-01-07T08:00:00.000Z' }),
    'POST /api/holds': () => ({ doctorId: doctor.id, startsAt: '2030-01-07T08:00:00.000Z' }),
    'PUT /api/appointments/:appointmentId/note': () => ({
      content: { subjective: 'Test', objective: '', assessment: '', plan: '', text: '' },
      shared: true,
      version: 0,
    }),
    'POST /api/appointments/:appointmentId/note/sign': () => ({ version: 99, shared: true }),
    'POST /api/appointments/:appointmentId/note/amendments': () => ({
      text: 'Test',
      idempotencyKey: WANTED.idempotencyKey,
    }),
    'PUT /api/appointments/:appointmentId/note/shared': () => ({ shared: true }),
    'POST /api/schedule/preview': () => ({ schedule: NO_HOURS }),
    'PUT /api/schedule': () => ({ schedule: NO_HOURS, version: 99, keep: [] }),
    'PUT /api/appointments/:appointmentId/rating': () => ({ rating: 4, review: 'Test' }),
    'POST /api/notifications/read': () => ({ upTo: appointmentId }),
    'PUT /api/notifications/settings': () => ({ reminders: ['reminder-hour'], reminderMails: true }),
    'POST /api/auth/signup': () => ({
      role: 'patient',
      name: 'New Patient',
      email: 'new@test.example',
      password: PASSWORD,
      dateOfBirth: '1990-01-31',
    }),
    'POST /api/auth/email/confirm': () => ({ token: NO_TICKET }),
    'POST /api/auth/email/resend': () => ({ email: 'new@test.example' }),
    'POST /api/auth/password/forgot': () => ({ email: 'new@test.example' }),
    'POST /api/auth/password/reset': () => ({ token: NO_TICKET, password: PASSWORD }),
    'POST /api/auth/invitations/show': () => ({ token: NO_TICKET }),
    'POST /api/auth/invitations/accept': () => ({ token: NO_TICKET, name: 'New Colleague', password: PASSWORD }),
    'POST /api/admin/invitations': () => ({ role: 'staff', email: 'colleague@test.example' }),
    'POST /api/admin/accounts/search': () => ({}),
    'POST /api/admin/accounts/:accountId/role': () => ({ role: 'staff' }),
    'PUT /api/profile': () => ({ change: { role: 'doctor' } }),
    'PUT /api/profile/time-zone': () => ({ timeZone: 'Europe/Berlin' }),
    'POST /api/media/webhooks': () => ({ ...server.node.delivery(server.node.heartbeat()) }),
  };
  const make = bodies[nameOf(endpoint)];
  if (make === undefined) throw new Error(`Say what a good body of ${nameOf(endpoint)} is`);
  return make();
}

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

const HOSTILE_VALUES: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $where: 'sleep(1000)' },
  ['x'],
  [],
  null,
  true,
  { toString: 'x' },
  'x'.repeat(5000),
];

/** Hostile elsewhere, but a good value of this field. */
const GOOD_HERE: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  'PUT /api/notifications/settings': { reminders: [[]], reminderMails: [true] },
  'PUT /api/appointments/:appointmentId/note': { shared: [true] },
  'POST /api/appointments/:appointmentId/note/sign': { shared: [true] },
  'POST /api/appointments/:appointmentId/note/amendments': { text: ['x'.repeat(5000)] },
  'PUT /api/appointments/:appointmentId/note/shared': { shared: [true] },
  'PUT /api/schedule': { keep: [[]] },
};

function hostileValues(endpoint: Endpoint, field: string): readonly unknown[] {
  const good = (GOOD_HERE[nameOf(endpoint)]?.[field] ?? []).map((value) => JSON.stringify(value));
  return HOSTILE_VALUES.filter((value) => !good.includes(JSON.stringify(value)));
}

/** Bodies that must be refused, made from the fields that the endpoint declares. */
function hostileBodies(endpoint: Endpoint): string[] {
  const good = goodBody(endpoint);
  const fields = Object.keys(endpoint.body?.shape ?? {});
  const changed = fields.flatMap((field) => [
    ...hostileValues(endpoint, field).map((value) => ({ ...good, [field]: value })),
    // Fields that a good body does without are not needed.
    ...(field in good ? [Object.fromEntries(Object.entries(good).filter(([name]) => name !== field))] : []),
  ]);
  const added = ['constructor', 'prototype', '$where', 'role', 'id2'].map((name) => ({ ...good, [name]: { x: 1 } }));
  const polluted = [
    JSON.stringify(good).replace(/}$/, ',"__proto__":{"role":"administrator"}}'),
    `{"__proto__":${JSON.stringify(good)}}`,
  ];
  const foreign = ['', 'null', '[]', '"text"', '42', 'true', '{', '{"a":', '[{}]', 'a=b&c=d', '\u0000', '{"a":1}}'];
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  return [...[...changed, ...added].map((body) => JSON.stringify(body)), ...polluted, ...foreign, deep];
}

describe.each(withBody)('the body of %s (A15, R34)', (_name, endpoint) => {
  it('is refused by 400 when it is anything else than declared', async () => {
    const bodies = hostileBodies(endpoint);
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
    const large = JSON.stringify({ ...goodBody(endpoint), padding: 'x'.repeat(endpoint.bodyLimitBytes ?? 65_536) });
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
    const body = JSON.stringify(goodBody(endpoint));
    await expectRefusal(
      await send(endpoint, body, { headers: { 'content-type': type } }),
      415,
      'unsupported_media_type',
    );
  });

  it('is refused by 415 when it is compressed', async () => {
    const body = JSON.stringify(goodBody(endpoint));
    const response = await send(endpoint, body, { headers: { 'content-encoding': 'gzip' } });
    await expectRefusal(response, 415, 'unsupported_media_type');
  });

  it('is taken when it is as declared, whatever the case of the media type', async () => {
    const body = JSON.stringify(goodBody(endpoint));
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
      const body = endpoint.body === undefined ? undefined : JSON.stringify(goodBody(endpoint));
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

describe('unknown addresses (R47)', () => {
  it.each(['/api', '/api/', '/api/nope', '/api/auth/login/', '/api/AUTH/me', '/api/../api/nope', '/api/%00'])(
    'answer GET %s by 404 in the one shape',
    async (path) => expectRefusal(await server.call('GET', path), 404, 'not_found'),
  );

  it('answer another method by 405 and name the right one', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const response = await server.call(method, '/api/auth/login');
      expect(response.headers.get('allow')).toBe('POST');
      await expectRefusal(response, 405, 'method_not_allowed');
    }
    await expectRefusal(await server.call('POST', '/anything', { body: {} }), 405, 'method_not_allowed');
  });

  it.each(['nope', '%ff', '%', 'ffffffffffffffffffffffff0', 'FFFFFFFFFFFFFFFFFFFFFFFF', '[object Object]', '$ne'])(
    'answer an id that is none (%s) by 400',
    async (id) => {
      const path = `/api/appointments/${id}`;
      await expectRefusal(await server.call('GET', path, { cookie: doctorCookie }), 400, 'validation_failed');
    },
  );
});

describe('the OpenAPI document', () => {
  const documentSchema = z.looseObject({
    openapi: z.literal('3.1.0'),
    paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) }))),
  });

  it('describes the routes that are really mounted, all of them and no others', async () => {
    const document = documentSchema.parse(await (await server.call('GET', '/api/openapi.json')).json());
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const mounted = server.application.routes.map(toOpenApiPath).filter((route) => !route.startsWith('HEAD '));
    expect(described.sort()).toEqual(mounted.sort());
    expect(mounted.length).toBe(declared.length);
  });

  it('names every status that a route can answer with', async () => {
    const document = documentSchema.parse(await (await server.call('GET', '/api/openapi.json')).json());
    for (const endpoint of declared) {
      const operation = document.paths[toOpenApiPath(endpoint.path)]?.[endpoint.method.toLowerCase()];
      expect(Object.keys(operation?.responses ?? {})).toContain(String(endpoint.status));
      expect(errorsOf(endpoint)).toContain('internal');
    }
  });
});

describe('headers', () => {
  it('forbid framing, sniffing and referrers, and allow camera and microphone to the product itself', async () => {
    for (const path of ['/', '/api/openapi.json', '/api/nope', '/healthz']) {
      const { headers } = await server.call('GET', path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('camera=(self), microphone=(self), display-capture=(self)');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('let a page run its own scripts alone', async () => {
    const policy = (await server.call('GET', '/')).headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'( 'sha256-[\w+/]{43}=')*; /);
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain('unsafe-eval');
  });

  it('bind browsers to https when the public address is', async () => {
    const secure = await TestServer.start({ HC_PUBLIC_URL: 'https://clinic.example' });
    const { headers } = await secure.call('GET', '/healthz');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    await secure.close();
  });

  it('do not take a request id from outside', async () => {
    const response = await server.call('GET', '/healthz', { headers: { 'x-request-id': 'mine' } });
    expect(response.headers.get('x-request-id')).not.toBe('mine');
  });

  it('never set a cookie but the session', async () => {
    const response = await server.call('GET', '/api/auth/me', { cookie: `${SESSION_COOKIE}=x` });
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});
