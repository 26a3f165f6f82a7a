import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MODULE = new URL('./stop-request.ts', import.meta.url).href;
/** Says what it is told; SIGUSR2 shows that everything before it has been dealt with. */
const SCRIPT = `
  import { waitForStopRequest } from ${JSON.stringify(MODULE)};
  setInterval(() => {}, 1000);
  process.on('SIGUSR2', () => console.log('marker'));
  const request = waitForStopRequest(() => console.log('repeat'));
  console.log('up');
  console.log(await request);
`;

describe('the wish to stop', () => {
  let child: ChildProcess;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['up']);
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is one when npm passes on the Ctrl-C that the terminal has sent', async () => {
    child.kill('SIGINT');
    await expect.poll(() => lines).toEqual(['up', 'SIGINT']);
    child.kill('SIGINT');
    child.kill('SIGUSR2');

    await expect.poll(() => lines).toContain('marker');
    expect(lines).toEqual(['up', 'SIGINT', 'marker']);
  });

  it('is repeated by somebody who insists', async () => {
    const insist = (): string[] => {
      child.kill('SIGINT');
      return lines;
    };

    await expect.poll(insist, { timeout: 10_000, interval: 200 }).toContain('repeat');
  });

  it('comes with the end of the process that has started it', async () => {
    child.disconnect();

    await expect.poll(() => lines).toEqual(['up', 'the end of the process that has started it']);
  });
});
