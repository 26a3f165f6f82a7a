import { describe, expect, it } from 'vitest';
import { clientAddress, coarseNetwork, isLoopback, throttledNetwork } from './network.ts';

describe('the address of a request', () => {
  it('is that of the connection unless a proxy of ours stands before it', () => {
    expect(clientAddress('192.0.2.1', '198.51.100.7', 0)).toBe('192.0.2.1');
    expect(clientAddress('192.0.2.1', '198.51.100.7', 1)).toBe('198.51.100.7');
    expect(clientAddress('192.0.2.1', undefined, 1)).toBe('192.0.2.1');
  });

  it('is what the outermost of our proxies saw, whatever the client claims before it', () => {
    expect(clientAddress('192.0.2.1', '203.0.113.9, 198.51.100.7', 1)).toBe('198.51.100.7');
    expect(clientAddress('192.0.2.1', '203.0.113.9, 198.51.100.7, 10.0.0.2', 2)).toBe('198.51.100.7');
    expect(clientAddress('192.0.2.1', 'nonsense', 1)).toBe('192.0.2.1');
    expect(clientAddress('192.0.2.1', '198.51.100.7', 3)).toBe('192.0.2.1');
  });
});

describe('networks', () => {
  it.each([
    ['192.0.2.17', '192.0.2.17/32', '192.0.2.0/24'],
    ['::ffff:192.0.2.17', '192.0.2.17/32', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ])('of %s', (address, throttled, coarse) => {
    expect(throttledNetwork(address)).toBe(throttled);
    expect(coarseNetwork(address)).toBe(coarse);
  });

  it('of nothing are not known', () => {
    expect([undefined, '', 'x'].map(throttledNetwork)).toEqual([undefined, undefined, undefined]);
  });
});

describe('this machine', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST', 'hc.localhost'])(
    'is %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    '0.0.0.0',
    '::',
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '2001:db8::1',
    'visits.hospital.example',
    'localhost.hospital.example',
    '127.0.0.1.hospital.example',
  ])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
