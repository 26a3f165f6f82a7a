import { z } from 'zod';
import { ERRORS, errorBodySchema, type ErrorCode } from '../errors.ts';
import { errorsOf, type Endpoint } from './endpoint.ts';

type Json = Record<string, unknown>;

const toSchema = (schema: z.core.$ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...body }: Json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return body;
};

function parameters(endpoint: Endpoint): Json[] {
  const of = (where: 'path' | 'query', schema: z.ZodObject | undefined): Json[] =>
    Object.entries<z.core.$ZodType>(schema?.shape ?? {}).map(([name, value]) => ({
      name,
      in: where,
      required: where === 'path' || !z.safeParse(value, undefined).success,
      schema: toSchema(value, 'input'),
    }));
  return [...of('path', endpoint.params), ...of('query', endpoint.query)];
}

function responses(endpoint: Endpoint): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(endpoint)) {
    byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code]);
  }
  const failures = [...byStatus].map(([status, codes]): [string, Json] => [
    String(status),
    {
      description: `Codes: ${codes.join(', ')}`,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  const success = {
    description: endpoint.summary,
    content:
      endpoint.produces === undefined
        ? { 'application/json': { schema: toSchema(endpoint.response, 'output') } }
        : { [endpoint.produces]: {} },
  };
  return { [String(endpoint.status)]: success, ...Object.fromEntries(failures) };
}

function security(endpoint: Endpoint): Json[] {
  switch (endpoint.access.kind) {
    case 'public':
    case 'visitor':
      return [];
    case 'media-node':
      return [{ mediaNode: [] }];
    case 'signed-in':
    case 'roles':
      return [{ session: [] }];
  }
}

function operation(area: string, name: string, endpoint: Endpoint): Json {
  const { access, body, upload } = endpoint;
  const file = Object.fromEntries((upload?.contentTypes ?? []).map((type): [string, Json] => [type, {}]));
  return {
    operationId: `${area}.${name}`,
    tags: [area],
    summary: endpoint.summary,
    'x-access': access.kind === 'roles' ? access.roles : access.kind,
    security: security(endpoint),
    parameters: parameters(endpoint),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } } }),
    ...(upload === undefined ? {} : { requestBody: { required: true, content: file } }),
    responses: responses(endpoint),
  };
}

/** `/a/:id` of the router is `/a/{id}` of OpenAPI. */
export const toOpenApiPath = (path: string): string => path.replace(/:([a-zA-Z]+)/g, '{$1}');

/**
 * The OpenAPI 3.1 document of a set of endpoints.
 * @param cookieName name of the session cookie, for the security scheme
 */
export function openApiDocument(
  areas: Readonly<Record<string, Readonly<Record<string, Endpoint>>>>,
  cookieName: string,
): Json & { openapi: string } {
  const paths: Record<string, Json> = {};
  for (const [area, endpoints] of Object.entries(areas)) {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const path = toOpenApiPath(endpoint.path);
      paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(area, name, endpoint) };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Health Connect', version: '1' },
    paths,
    components: {
      schemas: { Error: toSchema(errorBodySchema, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
        mediaNode: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}
