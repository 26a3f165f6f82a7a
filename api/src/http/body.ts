import type { IncomingMessage } from 'node:http';
import { ProductError } from '@health-connect/contract';

/** Largest body of a request, in bytes. */
export const BODY_LIMIT_BYTES = 65_536;

/**
 * Reads a request's body.
 * @throws ProductError `body_too_large`; what is still to come is discarded
 */
export async function readRawBody(request: IncomingMessage, limitBytes = BODY_LIMIT_BYTES): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let size = 0;
  if (declared <= limitBytes) {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('Request bodies are read as bytes');
      size += chunk.length;
      if (size > limitBytes) break;
      chunks.push(chunk);
    }
  }
  if (declared > limitBytes || size > limitBytes) {
    request.resume();
    throw new ProductError('body_too_large');
  }
  return Buffer.concat(chunks);
}

/**
 * Parses a JSON body.
 * @throws ProductError `validation_failed` when it is not JSON in UTF-8
 */
export function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    throw new ProductError('validation_failed', { details: [{ path: 'body', message: 'This is not JSON' }] });
  }
}

/** Whether a header says JSON in UTF-8, uncompressed. Media types are case-insensitive (RFC 9110, 8.3.1). */
export function isJson(contentType: string | undefined, contentEncoding: string | undefined): boolean {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') return false;
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/json') return false;
  return parameters.every((parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter));
}
