import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { access } from '../access.ts';
import { endpoints } from './index.ts';
import { defineEndpoint, errorsOf, fillPath, type Endpoint } from './endpoint.ts';
import { openApiDocument, toOpenApiPath } from './openapi.ts';

const all: [string, Endpoint][] = Object.entries(endpoints).flatMap(([area, group]) =>
  Object.entries<Endpoint>(group).map(([name, endpoint]): [string, Endpoint] => [`${area}.${name}`, endpoint]),
);

describe('endpoint declarations', () => {
  it.each(all)('%s declares a parameter schema for exactly the placeholders of its path', (_name, endpoint) => {
    const placeholders = [...endpoint.path.matchAll(/:([a-zA-Z]+)/g)].map((match) => match[1]);
    expect(Object.keys(endpoint.params?.shape ?? {}).sort()).toEqual(placeholders.sort());
  });

  it.each(all)('%s refuses unknown fields in what it takes', (_name, endpoint) => {
    for (const schema of [endpoint.params, endpoint.query, endpoint.body]) {
      if (schema === undefined) continue;
      const issues = schema.safeParse({ $ne: 1 }).error?.issues ?? [];
      expect(issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
    }
  });

  it('never declares the same method and path twice', () => {
    const keys = all.map(([, endpoint]) => `${endpoint.method} ${endpoint.path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('adds the errors of the binding to those of the service', () => {
    const endpoint = defineEndpoint({
      method: 'POST',
      path: '/api/x',
      summary: 'x',
      access: access.roles('doctor'),
      body: z.strictObject({}),
      response: z.object({}),
      status: 200,
      errors: ['not_found'],
    });
    expect(errorsOf(endpoint)).toEqual(
      expect.arrayContaining(['not_found', 'validation_failed', 'unauthenticated', 'forbidden', 'internal']),
    );
  });

  it('fills a path and escapes what it fills in', () => {
    expect(fillPath('/api/a/:id/b/:other', { id: 'x/y', other: '1' })).toBe('/api/a/x%2Fy/b/1');
    expect(() => fillPath('/api/a/:id', {})).toThrow(TypeError);
  });
});

describe('the OpenAPI document', () => {
  const document = z
    .object({
      openapi: z.literal('3.1.0'),
      paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
    })
    .parse(openApiDocument(endpoints, 'session'));

  it.each(all)('holds %s with its access rule, parameters and success', (name, endpoint) => {
    const operation = document.paths[toOpenApiPath(endpoint.path)]?.[endpoint.method.toLowerCase()];
    expect(operation).toMatchObject({ operationId: name });
    expect(operation).toHaveProperty('x-access');
    expect(operation).toHaveProperty(['responses', String(endpoint.status)]);
    const expected = (['path', 'query'] as const).flatMap((where) =>
      Object.keys((where === 'path' ? endpoint.params : endpoint.query)?.shape ?? {}).map((key) => `${where} ${key}`),
    );
    const parameters = z.array(z.looseObject({ name: z.string(), in: z.string() })).parse(operation?.['parameters']);
    expect(parameters.map(({ name: key, in: where }) => `${where} ${key}`)).toEqual(expected);
  });
});
