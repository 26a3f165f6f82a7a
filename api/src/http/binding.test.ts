import { access, defineEndpoint, endpoints, type Access } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Actor } from '../accounts/actor.ts';
import { bind, type RawCall } from './binding.ts';
import { createRouter } from './router.ts';

const example = defineEndpoint({
  method: 'POST',
  path: '/api/examples/:exampleId',
  summary: 'An example',
  access: access.public,
  params: z.strictObject({ exampleId: z.string().max(3) }),
  query: z.strictObject({ page: z.coerce.number().int() }),
  body: z.strictObject({ text: z.string() }),
  response: z.object({ text: z.string(), inner: z.object({ kept: z.number() }) }),
  status: 200,
  errors: [],
});

const actor: Actor = {
  accountId: '0123456789abcdef01234567',
  role: 'patient',
  name: 'Pat',
  email: 'pat@test.example',
  status: 'active',
  avatarId: null,
  timeZone: null,
  sessionId: 'one',
  sessionExpiresAt: new Date(0),
};
const cookies = {
  access: undefined,
  refresh: undefined,
  set: () => undefined,
  keepDevice: () => undefined,
  clear: () => undefined,
};
const call = (parts: Partial<RawCall> = {}): RawCall => ({
  params: { exampleId: 'a' },
  query: { page: '2' },
  body: { text: 'hello' },
  actor: undefined,
  cookies,
  userAgent: undefined,
  ...parts,
});

/** A declaration that went past the types, as from a program without them. */
function withAccess(rule: unknown): typeof example {
  const declaration = { ...example };
  Reflect.set(declaration, 'access', rule);
  return declaration;
}

describe('binding an endpoint', () => {
  it('is impossible without an access rule', () => {
    for (const rule of [undefined, null, {}, { kind: 'anybody' }, 'public']) {
      expect(() => bind(withAccess(rule), () => Promise.reject(new Error('never called')))).toThrow(/no access rule/);
    }
    // @ts-expect-error An endpoint without `access` does not compile either.
    const declaration: Parameters<typeof bind>[0] = {
      method: 'GET',
      path: '/api/x',
      summary: '',
      response: z.unknown(),
      status: 200,
      errors: [],
    };
    expect(() => bind(declaration, () => Promise.resolve())).toThrow(/no access rule/);
  });

  it('gives the handler validated input and drops what the response does not declare', async () => {
    const binding = bind(example, ({ params, query, body }) =>
      Promise.resolve({
        text: `${params.exampleId} ${query.page + 1} ${body.text}`,
        passwordHash: 'secret',
        inner: { kept: 1, passwordHash: 'secret' },
      }),
    );
    expect(await binding.handle(call())).toEqual({ text: 'a 3 hello', inner: { kept: 1 } });
  });

  it('names the place of what it refuses, without repeating the value', async () => {
    const binding = bind(example, () => Promise.reject(new Error('never called')));
    for (const [parts, path] of [
      [{ params: { exampleId: 'canary' } }, 'params.exampleId'],
      [{ query: { page: 'canary' } }, 'query.page'],
      [{ body: { text: ['canary'] } }, 'body.text'],
      [{ body: 'canary' }, 'body'],
      [{ body: { text: 'x', canary: 1 } }, 'body'],
    ] as const) {
      const refusal: unknown = await binding.handle(call(parts)).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'validation_failed', details: [expect.objectContaining({ path })] });
      expect(JSON.stringify(refusal)).not.toContain('canary');
    }
  });

  it('calls no handler of a guarded endpoint without an account', async () => {
    const rules: Access[] = [access.signedIn, access.roles('patient')];
    for (const rule of rules) {
      let called = 0;
      const binding = bind(withAccess(rule), () => {
        called += 1;
        return Promise.resolve({ text: '', inner: { kept: 1 } });
      });
      await expect(binding.handle(call())).rejects.toMatchObject({ code: 'unauthenticated' });
      expect(called).toBe(0);
      await binding.handle(call({ actor }));
      expect(called).toBe(1);
    }
  });
});

describe('the router', () => {
  const guards = {
    authenticate: () => Promise.resolve(undefined),
    requireMediaNode: () => Promise.resolve(),
    refused: () => Promise.resolve(),
  };
  const me = bind(endpoints.auth.me, () => Promise.reject(new Error('never called')));
  const mount = (bindings: Parameters<typeof createRouter>[1]) =>
    createRouter({ auth: { me: endpoints.auth.me } }, bindings, guards, 'http://localhost');

  it('is made of exactly the declared endpoints', () => {
    expect(mount([me]).stack).toHaveLength(1);
    expect(() => mount([])).toThrow('GET /api/auth/me is declared but not bound');
    expect(() => mount([me, me])).toThrow('GET /api/auth/me is bound twice');
    const foreign = bind(example, () => Promise.reject(new Error('never called')));
    expect(() => mount([me, foreign])).toThrow('not declared');
  });
});
