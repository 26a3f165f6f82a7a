import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlreadyRunningError, InstanceLock } from './instance-lock.ts';

describe('the lock of a data folder', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'instance-lock-'));
    file = join(folder, 'supervisor.pid');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('goes with the supervisor that ends in good order', () => {
    const lock = InstanceLock.take(folder);

    expect(lock.lastEndedHard).toBe(false);
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('tells that the last supervisor was killed', async () => {
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(gone, 'exit');
    writeFileSync(file, `${gone.pid ?? 0}\n`);

    expect(InstanceLock.take(folder).lastEndedHard).toBe(true);
  });

  it('refuses a second supervisor', async () => {
    const script = join(folder, 'start', 'main.ts');
    mkdirSync(join(folder, 'start'));
    writeFileSync(script, `setInterval(() => {}, 1000); console.log('up');`);
    const other = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout, 'data');
    writeFileSync(file, `${other.pid ?? 0}\n`);

    expect(() => InstanceLock.take(folder)).toThrow(AlreadyRunningError);
    other.kill('SIGKILL');
    await once(other, 'exit');
  });

  it('does not take another program with the same number for a supervisor', () => {
    writeFileSync(file, `${process.ppid}\n`);

    expect(InstanceLock.take(folder).lastEndedHard).toBe(true);
  });
});
