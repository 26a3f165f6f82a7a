import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { iceServersFor } from './ice-servers.ts';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');

describe('ICE servers (R7)', () => {
  it('are none where the hospital runs no relay', () => {
    expect(iceServersFor('peer', undefined, NOW)).toEqual([]);
  });

  it('name the relay with a credential that ends within the hour', () => {
    const secret = 's'.repeat(32);
    const [server] = iceServersFor('peer', { urls: ['turn:relay.hospital.example:3478'], secret }, NOW);
    const username = `${NOW / 1000 + 3600}:peer`;
    expect(server).toEqual({
      urls: ['turn:relay.hospital.example:3478'],
      username,
      credential: createHmac('sha1', secret).update(username).digest('base64'),
    });
  });
});
