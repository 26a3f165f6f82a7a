import { describe, expect, it } from 'vitest';
import { readTurnConfig } from './config.ts';
import { renderCoturnConfiguration } from './coturn-configuration.ts';

const environment = { HC_TURN_SECRET: 's'.repeat(32), HC_TURN_MEDIA_ADDRESSES: '192.0.2.10, 192.0.2.11' };

function linesFor(extra: Record<string, string> = {}): string[] {
  return renderCoturnConfiguration(readTurnConfig({ ...environment, ...extra })).split('\n');
}

describe('the rendered coturn configuration (R7)', () => {
  it('denies every address and then allows the media nodes only', () => {
    const lines = linesFor();
    expect(lines.filter((line) => line.startsWith('denied-peer-ip='))).toEqual([
      'denied-peer-ip=0.0.0.0-255.255.255.255',
    ]);
    expect(lines.filter((line) => line.startsWith('allowed-peer-ip='))).toEqual([
      'allowed-peer-ip=192.0.2.10',
      'allowed-peer-ip=192.0.2.11',
    ]);
  });

  it('relays over IPv4 only, without TCP relaying, with quotas and time-limited credentials', () => {
    expect(linesFor()).toEqual(
      expect.arrayContaining([
        'relay-ip=127.0.0.1',
        'no-tcp-relay',
        'use-auth-secret',
        'user-quota=12',
        'total-quota=1200',
      ]),
    );
  });

  it('lets loopback peers through only where a media node lives on loopback', () => {
    expect(linesFor()).not.toContain('allow-loopback-peers');
    expect(linesFor({ HC_TURN_MEDIA_ADDRESSES: '127.0.0.1' })).toContain('allow-loopback-peers');
  });

  it.each([
    [{ HC_TURN_SECRET: 'short' }, /HC_TURN_SECRET/],
    [{ HC_TURN_RELAY_ADDRESS: '::1' }, /HC_TURN_RELAY_ADDRESS/],
    [{ HC_TURN_MEDIA_ADDRESSES: 'fd00::1' }, /HC_TURN_MEDIA_ADDRESSES/],
    [{ HC_TURN_MEDIA_ADDRESSES: '192.0.2.1\nallowed-peer-ip=0.0.0.0' }, /HC_TURN_MEDIA_ADDRESSES/],
    [{ HC_TURN_MIN_RELAY_PORT: '60000' }, /HC_TURN_MIN_RELAY_PORT/],
  ])('refuses %o and names the variable', (wrong, expected) => {
    expect(() => readTurnConfig({ ...environment, ...wrong })).toThrow(expected);
  });
});
