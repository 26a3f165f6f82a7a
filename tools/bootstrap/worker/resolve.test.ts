import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeProgram } from '../../testing/fake-program.ts';
import { Cache } from '../cache.mjs';
import { Step } from '../progress.mjs';
import { findWorker, resolveWorker, workerPlaces } from './resolve.mjs';

/** What a worker does when it is started without a version. */
const RUNS = 'exit 41';
const step = new Step(
  () => undefined,
  () => undefined,
);

describe('the mediasoup worker', () => {
  let root: string;
  let cache: Cache;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'find-worker-'));
    cache = new Cache(join(root, 'cache'));
    mkdirSync(join(root, 'tools', 'worker-shims'), { recursive: true });
    lock('3.27.1');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function lock(version: string): void {
    const packages = { 'node_modules/mediasoup': { version, integrity: 'sha512-x' } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  }

  it('is the one that MEDIASOUP_WORKER_BIN names', async () => {
    const named = writeProgram(join(root, 'named'), RUNS);

    expect(await resolveWorker(root, cache, step, { MEDIASOUP_WORKER_BIN: named })).toBe(named);
  });

  it('is refused when MEDIASOUP_WORKER_BIN names something else', async () => {
    const named = writeProgram(join(root, 'named'), 'exit 0');

    await expect(resolveWorker(root, cache, step, { MEDIASOUP_WORKER_BIN: named })).rejects.toThrow(
      /MEDIASOUP_WORKER_BIN names .*correct or unset it/,
    );
  });

  it('is the cached one, nothing being fetched', async () => {
    const cached = writeProgram(cache.path(workerPlaces(root).compiled, 'mediasoup-worker'), RUNS);

    expect(await resolveWorker(root, cache, step, {})).toBe(cached);
  });

  it('is not a cached one that does not run here', async () => {
    writeProgram(cache.path(workerPlaces(root).prebuilt, 'mediasoup-worker'), 'exit 127');
    const compiled = writeProgram(cache.path(workerPlaces(root).compiled, 'mediasoup-worker'), RUNS);

    expect(await findWorker(root, cache)).toBe(compiled);
  });

  it.each([
    ['another mediasoup', () => lock('3.28.0')],
    ['other subprojects', () => writeFileSync(join(root, 'tools', 'worker-shims', 'meson.build'), 'x')],
  ])('is another one for %s', async (_name, change) => {
    writeProgram(cache.path(workerPlaces(root).compiled, 'mediasoup-worker'), RUNS);
    change();

    expect(await findWorker(root, cache)).toBeUndefined();
  });
});
