import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cache } from './cache.mjs';

describe('the cache', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cache-'));
    cache = new Cache(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (text: string) => (directory: string) => {
    writeFileSync(join(directory, 'file'), text);
    return Promise.resolve(true);
  };

  it('shows an entry only when it is whole', async () => {
    await cache.publish('a/b', (directory) => {
      expect(existsSync(cache.path('a/b'))).toBe(false);
      return write('whole')(directory);
    });

    expect(readFileSync(cache.path('a/b', 'file'), 'utf8')).toBe('whole');
    expect(readdirSync(cache.path('tmp'))).toEqual([]);
  });

  it('replaces an entry', async () => {
    await cache.publish('entry', write('first'));
    await cache.publish('entry', write('second'));

    expect(readFileSync(cache.path('entry', 'file'), 'utf8')).toBe('second');
    expect(readdirSync(cache.path('tmp'))).toEqual([]);
  });

  it('keeps the entry that is there when making a new one fails', async () => {
    await cache.publish('entry', write('first'));

    await expect(cache.publish('entry', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await cache.publish('entry', () => Promise.resolve(false))).toBeUndefined();
    expect(readFileSync(cache.path('entry', 'file'), 'utf8')).toBe('first');
  });

  it('removes what a killed process has left, a day later', () => {
    const fresh = cache.temporaryDirectory();
    const old = cache.temporaryDirectory();
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    utimesSync(old, longAgo, longAgo);
    cache.removeAbandoned();

    expect([existsSync(fresh), existsSync(old)]).toEqual([true, false]);
  });
});
