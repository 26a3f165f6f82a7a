import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureKeyPair, PublicKeyFile } from './key-files.ts';

describe('key files', () => {
  let folder: string;
  let privatePath: string;
  let publicPath: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
    privatePath = join(folder, 'keys', 'media.private.pem');
    publicPath = join(folder, 'keys', 'media.public.pem');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('are made once, the private one for its owner only', async () => {
    const first = await ensureKeyPair(privatePath, publicPath);
    const second = await ensureKeyPair(privatePath, publicPath);
    expect(second.equals(first)).toBe(true);
    expect((await stat(privatePath)).mode & 0o777).toBe(0o600);
    expect((await readdir(join(folder, 'keys'))).toSorted()).toEqual(['media.private.pem', 'media.public.pem']);
  });

  it('are the same for all that start at nearly the same time', async () => {
    const starts: Promise<KeyObject>[] = [];
    for (let index = 0; index < 30; index += 1) {
      starts.push(ensureKeyPair(privatePath, publicPath));
      await setImmediate();
    }
    const [first, ...others] = await Promise.all(starts);
    for (const other of others) expect(first?.equals(other)).toBe(true);
  });

  it('get their public half back when it is lost or stale', async () => {
    await ensureKeyPair(privatePath, publicPath);
    const pem = await readFile(publicPath, 'utf8');
    await writeFile(publicPath, 'stale');
    await ensureKeyPair(privatePath, publicPath);
    expect(await readFile(publicPath, 'utf8')).toBe(pem);
  });

  it('are refused when they are of another kind', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const path = join(folder, 'rsa.pem');
    await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await expect(ensureKeyPair(path, publicPath)).rejects.toThrow('not a P-256 key');
  });

  it('of the other server are read when they appear', async () => {
    const file = new PublicKeyFile(publicPath);
    expect(await file.read()).toBeUndefined();
    await ensureKeyPair(privatePath, publicPath);
    expect((await file.read())?.asymmetricKeyType).toBe('ec');
  });
});
