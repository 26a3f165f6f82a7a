import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeProgram } from '../../testing/fake-program.ts';
import { Cache } from '../cache.mjs';
import { findMongod } from './resolve.mjs';

const version = (text: string): string => `echo "db version v${text}"`;

describe('the mongod that is there', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'find-mongod-'));
    cache = new Cache(join(folder, 'cache'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the one that MONGOD_BIN names before all others', async () => {
    const named = writeProgram(join(folder, 'named'), version('7.0.0'));
    writeProgram(join(folder, 'bin', 'mongod'), version('8.0.0'));

    expect(await findMongod(cache, { MONGOD_BIN: named, PATH: join(folder, 'bin') })).toBe(named);
  });

  it('is never another one when MONGOD_BIN names something that does not run', async () => {
    writeProgram(join(folder, 'bin', 'mongod'), version('8.0.0'));
    const env = { MONGOD_BIN: join(folder, 'nowhere'), PATH: join(folder, 'bin') };

    await expect(findMongod(cache, env)).rejects.toThrow(/MONGOD_BIN names .*correct or unset it/);
  });

  it('is the one on the PATH before the cached one', async () => {
    const installed = writeProgram(join(folder, 'bin', 'mongod'), version('6.0.0'));
    writeProgram(cache.path('mongod/wheel-0.4.0/mongod'), version('6.0.5'));

    expect(await findMongod(cache, { PATH: join(folder, 'bin') })).toBe(installed);
  });

  it('is the cached one when the one on the PATH is too old', async () => {
    writeProgram(join(folder, 'bin', 'mongod'), version('5.0.9'));
    const cached = writeProgram(cache.path('mongod/wheel-0.4.0/mongod'), version('6.0.5'));

    expect(await findMongod(cache, { PATH: join(folder, 'bin') })).toBe(cached);
  });

  it('is not a cached one that does not run here', async () => {
    writeProgram(cache.path('mongod/wheel-0.4.0/mongod'), 'exit 127');

    expect(await findMongod(cache, { PATH: '' })).toBeUndefined();
  });
});
