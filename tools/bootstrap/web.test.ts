import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onceFor } from './web.mjs';

describe('work that is done once for the same sources', () => {
  let folder: string;
  let done: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'once-'));
    done = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const work = (sources: string, succeeds = true): Promise<void> =>
    onceFor(join(folder, 'deep', 'stamp'), sources, join(folder, 'result'), () => {
      done += 1;
      if (!succeeds) return Promise.reject(new Error('broken'));
      writeFileSync(join(folder, 'result'), sources);
      return Promise.resolve();
    });

  it('is not done again', async () => {
    await work('a');
    await work('a');

    expect(done).toBe(1);
  });

  it('is done again for other sources, and when its result has gone', async () => {
    await work('a');
    await work('b');
    rmSync(join(folder, 'result'));
    await work('b');

    expect(done).toBe(3);
  });

  it('is done again when it has failed, although an older result is there', async () => {
    await work('a');
    await expect(work('b', false)).rejects.toThrow('broken');
    expect(existsSync(join(folder, 'deep', 'stamp'))).toBe(false);
    await work('a');

    expect(done).toBe(3);
  });
});
