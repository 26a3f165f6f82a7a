import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeProgram } from '../testing/fake-program.ts';
import { Cache } from './cache.mjs';
import { findChromium } from './chromium.mjs';

describe('the Chromium that is there', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'find-chromium-'));
    cache = new Cache(join(folder, 'cache'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the one that CHROMIUM_BIN names before all others', async () => {
    const named = writeProgram(join(folder, 'named'), 'echo Chromium 150.0.1.2');
    writeProgram(join(folder, 'bin', 'chromium'), 'echo Chromium 151.0.1.2');

    expect(await findChromium(cache, { CHROMIUM_BIN: named, PATH: join(folder, 'bin') })).toBe(named);
  });

  it('is not a stand-in that only says what to install', async () => {
    writeProgram(join(folder, 'bin', 'chromium-browser'), 'echo "install it with: snap install chromium"; exit 1');
    const chrome = writeProgram(join(folder, 'bin', 'google-chrome'), 'echo Google Chrome 150.0.1.2');

    expect(await findChromium(cache, { PATH: join(folder, 'bin') })).toBe(chrome);
  });

  it('is the downloaded one where none is installed', async () => {
    const path = cache.path('chromium', 'chrome', 'linux-150.0.1.2', 'chrome-linux64', 'chrome');
    writeProgram(path, 'echo Google Chrome for Testing 150.0.1.2');

    expect(await findChromium(cache, { PATH: join(folder, 'bin') })).toBe(path);
  });

  it('is none where there is none', async () => {
    expect(await findChromium(cache, { PATH: join(folder, 'bin') })).toBeUndefined();
  });
});
