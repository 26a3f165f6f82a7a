import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../errors.ts';
import { controlRequests } from './control.ts';
import { LEAVE_REASONS, MEDIA_SOURCES } from './peer.ts';
import { MEDIA_PROTOCOL_VERSION, mediaEvents, mediaRequests, type MediaRequest } from './protocol.ts';
import { webhookEventSchema } from './webhook.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const row = (name: string): string => page.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';

describe('docs/protocol.md', () => {
  it('names the version that the code speaks', () => {
    expect(page).toContain(`# Media protocol, version ${MEDIA_PROTOCOL_VERSION}`);
  });

  it.each(Object.entries<MediaRequest>(mediaRequests))(
    'has a row for the request %s with its fields and errors',
    (name, request) => {
      const fields = [...Object.keys(request.payload.shape), ...Object.keys(request.response.shape), ...request.errors];
      for (const field of fields.filter((field) => field !== 'validation_failed')) expect(row(name)).toContain(field);
    },
  );

  it.each(Object.entries(mediaEvents))('has a row for the event %s with its fields', (name, event) => {
    for (const field of Object.keys(event.payload.shape)) expect(row(name)).toContain(field);
  });

  it('names every source, reason, webhook event and control path', () => {
    const webhooks = webhookEventSchema.options.map((option) => option.shape.type.value);
    const paths = Object.values(controlRequests).map((request) => `${request.method} ${request.path}`);
    for (const word of [...MEDIA_SOURCES, ...LEAVE_REASONS, ...webhooks, ...paths])
      expect(page).toContain(`\`${word}\``);
  });

  it('names no error code that does not exist', () => {
    const known = new Set<string>([...ERROR_CODES, 'connect_error']);
    for (const [, code] of page.matchAll(/`([a-z]+_[a-z]+)`/g)) expect(known).toContain(code);
  });
});
