import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('the environment', () => {
  it('may be empty: everything then stays on this machine', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      httpPort: 3001,
      rtcPort: 40_000,
      nodeId: 'media-1',
      allowedOrigins: ['http://localhost:3000'],
      drainTimeoutMs: 5_000,
      supervised: false,
    });
    expect(config.workers).toBeGreaterThan(0);
    expect(config.keys.mediaPrivate).toMatch(/\.data\/keys\/media\.private\.pem$/);
  });

  it('takes a list of origins, without paths and in canonical form', () => {
    const { allowedOrigins } = readConfig({ HC_ALLOWED_ORIGINS: 'https://A.example/x, http://b.example:8080' });
    expect(allowedOrigins).toEqual(['https://a.example', 'http://b.example:8080']);
    expect(readConfig({ HC_PUBLIC_URL: 'https://clinic.example/app' }).allowedOrigins).toEqual([
      'https://clinic.example',
    ]);
  });

  it('treats an empty value as absent', () => {
    expect(readConfig({ HC_MEDIA_PORT: '', HC_RTC_ANNOUNCED_ADDRESS: '' })).toMatchObject({
      httpPort: 3001,
      rtcAnnouncedAddress: undefined,
    });
  });

  it.each([
    [{ HC_MEDIA_PORT: '0' }, 'HC_MEDIA_PORT'],
    [{ HC_MEDIA_PORT: 'http' }, 'HC_MEDIA_PORT'],
    [{ HC_MEDIA_WORKERS: '0' }, 'HC_MEDIA_WORKERS'],
    [{ HC_ALLOWED_ORIGINS: '*' }, 'HC_ALLOWED_ORIGINS'],
    [{ HC_SUPERVISED: 'yes' }, 'HC_SUPERVISED'],
    [{ HC_MEDIA_NODE_ID: 'a b' }, 'HC_MEDIA_NODE_ID'],
    [{ HC_HOST: '0.0.0.0' }, 'HC_RTC_ANNOUNCED_ADDRESS'],
    [{ HC_HOST: '::' }, 'HC_RTC_ANNOUNCED_ADDRESS'],
    [{ HC_RTC_PORT: '65535', HC_MEDIA_WORKERS: '2' }, 'HC_RTC_PORT'],
  ])('is refused with the name of what is wrong: %o', (environment, name) => {
    expect(() => readConfig(environment)).toThrow(ConfigError);
    expect(() => readConfig(environment)).toThrow(name);
  });
});
