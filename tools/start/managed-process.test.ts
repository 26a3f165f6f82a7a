import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { ManagedProcess } from './managed-process.ts';
import type { ProcessSpec } from './managed-process.ts';

/** Pauses that do not slow the tests down. */
const backOff = { firstMs: 20, longestMs: 80, healthyAfterMs: 60_000 };
const running: ManagedProcess[] = [];

function manage(script: string, more: Partial<ProcessSpec> = {}): ManagedProcess {
  const child = ManagedProcess.create({
    name: 'child',
    command: process.execPath,
    args: ['--input-type=module', '--eval', script],
    env: process.env,
    channel: false,
    stopTimeoutMs: 5000,
    backOff,
    ...more,
  });
  running.push(child);
  return child;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Says when its handlers are in place, so that no signal comes too early. */
const STAYS = `setInterval(() => {}, 1000); console.log('up');`;

describe('a managed process', () => {
  afterEach(() => Promise.all(running.splice(0).map((child) => child.stop())));

  it('hands on the lines of both streams', async () => {
    const child = manage(`console.log('out'); console.error('err'); setInterval(() => {}, 1000);`);
    const lines: string[] = [];
    child.on('line', (line) => lines.push(line));
    child.start();
    await expect.poll(() => lines.toSorted()).toEqual(['err', 'out']);
  });

  it('is started again when it dies, with growing pauses', async () => {
    const child = manage('process.exit(3)');
    const exits: [number | null, number][] = [];
    child.on('died', ({ code, restartInMs }) => exits.push([code, restartInMs]));
    child.start();

    await expect.poll(() => exits.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
    expect(exits.slice(0, 4)).toEqual([
      [3, 20],
      [3, 40],
      [3, 80],
      [3, 80],
    ]);
  });

  it('is started again after a kill', async () => {
    const child = manage(STAYS);
    const up = once(child, 'line');
    child.start();
    await up;
    const first = child.pid;
    const again = once(child, 'line');
    child.kill();
    await again;

    expect(child.pid).not.toBe(first);
    expect(child.state).toBe('running');
  });

  it('stops politely and stays stopped', async () => {
    const child = manage(`process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); ${STAYS}`);
    const lines: string[] = [];
    child.on('line', (line) => lines.push(line));
    const up = once(child, 'line');
    child.start();
    await up;
    const pid = child.pid ?? 0;
    await Promise.all([child.stop(), child.stop()]);

    expect(child.state).toBe('stopped');
    expect(isAlive(pid)).toBe(false);
    await expect.poll(() => lines).toEqual(['up', 'bye']);
    child.start();
    expect(child.state).toBe('stopped');
  });

  it('is killed when it does not stop in time', async () => {
    const child = manage(`process.on('SIGTERM', () => {}); ${STAYS}`, { stopTimeoutMs: 100 });
    const up = once(child, 'line');
    child.start();
    await up;
    const pid = child.pid ?? 0;
    await child.stop();

    expect(isAlive(pid)).toBe(false);
  });

  it('is not started again when it is stopped while it waits', async () => {
    const child = manage('process.exit(1)', { backOff: { ...backOff, firstMs: 60_000, longestMs: 60_000 } });
    const died = once(child, 'died');
    child.start();
    await died;
    expect(child.state).toBe('waiting');
    await child.stop();

    expect(child.state).toBe('stopped');
  });

  it('tells when the program cannot be started at all', async () => {
    const child = manage('', { command: '/nowhere/program' });
    const died = once(child, 'died');
    child.start();

    expect(await died).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: 'ENOENT' }) as Error }),
    ]);
  });

  it('gives the child a channel that closes with its parent', async () => {
    const child = manage(`console.log(process.connected ? 'connected' : 'alone'); ${STAYS}`, { channel: true });
    const line = once(child, 'line');
    child.start();

    expect(await line).toEqual(['connected']);
  });
});
