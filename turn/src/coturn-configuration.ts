import type { TurnConfig } from './config.ts';

/**
 * Renders `turnserver.conf`. The relay reaches the media nodes and nothing else: everything is denied, then their
 * addresses are allowed; the relay address is IPv4, so that no mapped or IPv6 address gets past the list
 * (CVE-2026-27624); TCP relaying is off (CVE-2026-73212). Credentials are time-limited
 * (draft-uberti-behave-turn-rest).
 */
export function renderCoturnConfiguration(config: TurnConfig): string {
  const external =
    config.externalAddress === undefined ? [] : [`external-ip=${config.externalAddress}/${config.relayAddress}`];
  const loopbackIsAMediaAddress = config.mediaAddresses.some((address) => address.startsWith('127.'));
  return [
    `listening-port=${config.port}`,
    `listening-ip=${config.listenAddress}`,
    `relay-ip=${config.relayAddress}`,
    ...external,
    `min-port=${config.minRelayPort}`,
    `max-port=${config.maxRelayPort}`,
    `realm=${config.realm}`,
    'fingerprint',
    'use-auth-secret',
    `static-auth-secret=${config.secret}`,
    'denied-peer-ip=0.0.0.0-255.255.255.255',
    ...config.mediaAddresses.map((address) => `allowed-peer-ip=${address}`),
    ...(loopbackIsAMediaAddress ? ['allow-loopback-peers'] : []),
    'no-multicast-peers',
    'no-tcp-relay',
    'no-cli',
    'no-tls',
    'no-dtls',
    'stale-nonce=600',
    `user-quota=${config.userQuota}`,
    `total-quota=${config.totalQuota}`,
    'log-file=stdout',
    'simple-log',
    '',
  ].join('\n');
}
