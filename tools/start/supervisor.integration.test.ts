import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstallation } from '../testing/fake-installation.ts';

const patience = { timeout: 25_000, interval: 50 };
const open = /^ {2}open http:\/\/localhost:\d+$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('npm start', { timeout: 60_000 }, () => {
  let installation: FakeInstallation;

  beforeEach(async () => {
    installation = await FakeInstallation.create();
  });
  afterEach(() => installation.remove());

  const opened = async (times = 1): Promise<void> => {
    await expect
      .poll(() => installation.lines.filter((line) => open.test(line)), {
        ...patience,
        message: installation.lines.join('\n'),
      })
      .toHaveLength(times);
  };
  const makeStubborn = (): void => writeFileSync(join(installation.dataDir, 'stubborn-api'), '');
  const pids = (): number[] => (['api', 'media-server', 'mongod'] as const).map((name) => installation.pidOf(name));

  it('starts everything, prints the accounts, and stops in good order on Ctrl-C', async () => {
    const supervisor = installation.start();
    await opened();
    const started = pids();
    expect(started.map(isAlive)).toEqual([true, true, true]);
    expect(installation.lines).toContain('  doctor  Dr. A  a@example.org  p');
    expect(statSync(installation.dataDir).mode & 0o777).toBe(0o700);

    supervisor.kill('SIGINT');
    expect(await once(supervisor, 'exit')).toEqual([0, null]);
    expect(started.map(isAlive)).toEqual([false, false, false]);
    const stopped = installation.events().filter((event) => event.includes('stopped'));
    expect(stopped.toSorted()).toEqual(['api stopped database=true', 'media-server stopped database=true']);
    // A mongod that was shut down properly empties its lock file.
    expect(statSync(join(installation.dataDir, 'mongodb', 'mongod.lock')).size).toBe(0);
  });

  it('ends at once for somebody who keeps on pressing Ctrl-C', async () => {
    const supervisor = installation.start();
    await opened();
    makeStubborn();
    const insist = (): number | null => {
      supervisor.kill('SIGINT');
      return supervisor.exitCode;
    };
    await expect.poll(insist, { ...patience, interval: 200 }).toBe(130);
    await expect.poll(() => pids().filter(isAlive), patience).toEqual([]);
  });

  it('makes no accounts with --empty', async () => {
    installation.start('--empty');
    await opened();

    expect(installation.lines.join('\n')).toContain('No demonstration accounts were made');
  });

  it.each(['api', 'media-server', 'mongod'] as const)('starts %s again when it is killed', async (name) => {
    installation.start();
    await opened();
    const first = installation.pidOf(name);
    process.kill(first, 'SIGKILL');

    await expect
      .poll(() => isAlive(installation.pidOf(name)) && installation.pidOf(name) !== first, patience)
      .toBe(true);
    expect(installation.lines.join('\n')).toContain(`${name} has ended (SIGKILL), starting it again in 0.5 s`);
  });

  it('leaves no process behind when it is killed itself, and starts again', async () => {
    const supervisor = installation.start();
    await opened();
    const started = pids();
    supervisor.kill('SIGKILL');
    await expect.poll(() => started.filter(isAlive), patience).toEqual([]);
    expect(installation.events().filter((event) => event.endsWith('alone'))).toHaveLength(2);

    installation.start();
    await opened(2);
  });

  it('says which port is taken and which variable changes it', async () => {
    const port = Number(installation.ports['HC_MEDIA_PORT']);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const supervisor = installation.start();

    expect(await once(supervisor, 'exit')).toEqual([1, null]);
    expect(installation.lines.join('\n')).toContain(`Port ${port} (media server) is taken by another program`);
    expect(installation.lines.join('\n')).toContain('set HC_MEDIA_PORT to a free port');
    other.close();
  });

  it('gives up with one sentence when a server cannot start, and stops the others', async () => {
    mkdirSync(installation.dataDir, { recursive: true });
    writeFileSync(join(installation.dataDir, 'break-api'), '');
    const supervisor = installation.start();

    expect(await once(supervisor, 'exit')).toEqual([1, null]);
    expect(installation.lines.join('\n')).toContain('Cannot start: api cannot start (exit code 7)');
    expect(isAlive(installation.pidOf('media-server'))).toBe(false);
  });

  it('stops when it is asked to while it starts', async () => {
    const supervisor = installation.start();
    await expect.poll(() => installation.events(), patience).not.toEqual([]);
    supervisor.kill('SIGTERM');

    expect(await once(supervisor, 'exit')).toEqual([0, null]);
    expect(isAlive(installation.pidOf('media-server'))).toBe(false);
  });

  it('refuses a second start with the same data', async () => {
    installation.start();
    await opened();
    const second = installation.start();

    expect(await once(second, 'exit')).toEqual([1, null]);
    expect(installation.lines.join('\n')).toContain('Health Connect already runs with this data folder');
  });
});
