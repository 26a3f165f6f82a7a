import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STALE_LOCK_MS, withLock } from './lock.mjs';

/** Longer ago than an owner that lives lets pass without touching its lock. */
function makeOld(path: string): void {
  const then = new Date(Date.now() - STALE_LOCK_MS - 1000);
  utimesSync(path, then, then);
}

describe('a lock', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    path = join(folder, 'locks', 'name.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A process that takes the lock, says so, and works until its standard input ends. */
  function startHolder(): ReturnType<typeof spawn> {
    const script = `
      import { withLock } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
      await withLock(${JSON.stringify(path)}, async () => {
        console.log('locked');
        for await (const _ of process.stdin);
      });`;
    return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  it('is held by one process at a time', async () => {
    const holder = startHolder();
    if (!holder.stdout || !holder.stdin) throw new Error('no pipes');
    await once(holder.stdout, 'data');
    const order: string[] = [];
    const mine = withLock(
      path,
      () => Promise.resolve(order.push('mine')),
      () => {
        order.push('waiting');
        holder.stdin?.end();
      },
    );
    await mine;

    expect(order).toEqual(['waiting', 'mine']);
    expect(existsSync(path)).toBe(false);
  });

  it('of a killed process is taken over at once', async () => {
    const holder = startHolder();
    if (!holder.stdout) throw new Error('no pipes');
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(existsSync(path)).toBe(true);

    expect(await withLock(path, () => Promise.resolve('done'))).toBe('done');
  });

  it('of another machine is taken over when nobody has touched it for a minute', async () => {
    await withLock(path, () => Promise.resolve());
    writeFileSync(path, JSON.stringify({ pid: process.pid, host: `not-${hostname()}` }));
    makeOld(path);

    expect(await withLock(path, () => Promise.resolve('done'))).toBe('done');
  });

  it('is released when the work fails', async () => {
    await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    expect(existsSync(path)).toBe(false);
  });
});
