import { describe, expect, it } from 'vitest';
import { isDebianLike, parseOsRelease } from './distribution.mjs';

const distribution = (id: string, ...like: string[]) => ({ id, like, version: '', codename: '' });

describe('the distribution', () => {
  it('is read from os-release, with or without quotes', () => {
    const text = 'PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n# a comment\n';

    expect(parseOsRelease(text)).toMatchObject({ ID: 'ubuntu', ID_LIKE: 'debian', VERSION_ID: '24.04' });
  });

  it('has apt when it is Debian or made from it', () => {
    expect(isDebianLike(distribution('debian'))).toBe(true);
    expect(isDebianLike(distribution('linuxmint', 'ubuntu', 'debian'))).toBe(true);
    expect(isDebianLike(distribution('fedora'))).toBe(false);
  });
});
