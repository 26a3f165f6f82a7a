import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNodeStatus } from '../support/node-status.ts';
import { processesOf, serverOf } from '../support/processes.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

describe('npm start', () => {
  let stack: Stack;
  let stopped = false;

  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterAll(async () => {
    if (!stopped) await stack.stop();
  });

  const isReady = async (url: string): Promise<boolean> =>
    fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );

  it('prints the link and the demonstration accounts', () => {
    const output = stack.output();
    expect(output).toContain(`open ${stack.url}`);
    for (const account of stack.accounts) expect(output).toContain(account.password);
    const doctors = stack.accounts.filter((account) => account.role === 'doctor');
    const patients = stack.accounts.filter((account) => account.role === 'patient');
    expect(doctors.length).toBeGreaterThanOrEqual(4);
    expect(patients).toHaveLength(3);
  });

  it('answers /healthz and /readyz on both servers', async () => {
    for (const url of [stack.url, stack.mediaUrl]) {
      for (const path of ['/healthz', '/readyz']) expect((await fetch(`${url}${path}`)).status).toBe(200);
    }
  });

  it('starts a media worker again that was killed', async () => {
    const before = await readNodeStatus(stack);
    const victim = before.workers[0]?.pid ?? 0;
    process.kill(victim, 'SIGKILL');
    await waitFor(
      'a new worker',
      () => readNodeStatus(stack),
      (status) => status.workers.length === before.workers.length && status.workers.every(({ pid }) => pid !== victim),
    );
  });

  it('starts api and media-server again when they die', async () => {
    for (const [name, url] of [
      ['api', stack.url],
      ['media-server', stack.mediaUrl],
    ] as const) {
      process.kill(serverOf(stack, name), 'SIGKILL');
      await waitFor(
        `${name} going away`,
        () => isReady(url),
        (ready) => !ready,
      );
      await waitFor(
        `${name} coming back`,
        () => isReady(url),
        (ready) => ready,
      );
    }
  });

  it('stops on Ctrl-C with exit code 0 and leaves no process behind', async () => {
    expect(processesOf(stack.dataDir).length).toBeGreaterThan(3);
    stopped = true;
    expect(await stack.stop()).toBe(0);
    expect(processesOf(stack.dataDir)).toEqual([]);
  });
});
