import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lockedPackage, matchesIntegrity } from './lockfile.mjs';
import { projectRoot } from './places.mjs';

describe('the lockfile', () => {
  it('pins mediasoup with a hash', () => {
    const { version, integrity } = lockedPackage(projectRoot, 'mediasoup');

    expect(version).toMatch(/^3\./);
    expect(integrity).toMatch(/^sha512-/);
  });

  it('says how to get back a package that it does not pin', () => {
    expect(() => lockedPackage(projectRoot, 'no-such-package')).toThrow('git checkout package-lock.json');
  });

  it('accepts the content that was pinned, and no other', () => {
    const content = Buffer.from('content');
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;

    expect(matchesIntegrity(content, integrity)).toBe(true);
    expect(matchesIntegrity(content, `sha1-x ${integrity}`)).toBe(true);
    expect(matchesIntegrity(Buffer.from('other'), integrity)).toBe(false);
    expect(matchesIntegrity(content, '')).toBe(false);
  });
});
