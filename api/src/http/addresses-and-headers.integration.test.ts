import { endpoints, toOpenApiPath, errorsOf, type Endpoint } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { SESSION_COOKIE } from './cookie.ts';

let server: TestServer;
let doctor: Person;
let doctorCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Dana');
  doctorCookie = await server.signIn(doctor);
});
afterAll(() => server.close());

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const declared = areas.flatMap((area) => Object.values(area));

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

  it.each([
    ['an answer', '?EIO=4&transport=polling', 200],
    ['an unknown connection', '?EIO=4&transport=polling&sid=nope', 400],
    ['no transport', '', 400],
  ])('stand on what the socket server answers over plain requests, too: %s', async (_what, query, status) => {
    const response = await server.call('GET', `/socket.io/${query}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('permissions-policy')).toContain('camera=(self)');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('strict-transport-security')).toBeNull();
  });

  it('let a page run its own scripts alone', async () => {
    const policy = (await server.call('GET', '/')).headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'( 'sha256-[\w+/]{43}=')*; /);
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain('unsafe-eval');
  });

  it('bind browsers to https when the public address is', async () => {
    const secure = await TestServer.start({ HC_PUBLIC_URL: 'https://clinic.example' });
    for (const path of ['/healthz', '/socket.io/?EIO=4&transport=polling']) {
      const { headers } = await secure.call('GET', path);
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    }
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
