import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEDIA_PROTOCOL_VERSION } from '@health-connect/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinClaims, signAsApi } from './testing/join-tokens.ts';
import { opusParameters } from './testing/rtp.ts';
import { TestClient } from './testing/test-client.ts';
import { freePortRange } from './testing/ports.ts';
import { until } from './testing/until.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The program as the supervisor starts it. */
class Program {
  readonly process: ChildProcess;
  output = '';
  exit: { code: number | null; signal: string | null } | undefined;

  constructor(environment: Record<string, string>) {
    this.process = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.process.on('exit', (code, signal) => (this.exit = { code, signal }));
  }

  get workerPids(): number[] {
    return [...this.output.matchAll(/"worker":(\d+)/g)].map((match) => Number(match[1]));
  }

  async ready(): Promise<void> {
    await until('the program to be ready', () => this.output.includes('media node ready') || this.exit !== undefined);
    expect(this.exit, this.output).toBeUndefined();
  }

  async exited(): Promise<number | null> {
    await until('the program to exit', () => this.exit !== undefined);
    return this.exit?.code ?? null;
  }
}

describe('the program', () => {
  let dataDir: string;
  let environment: Record<string, string>;
  let program: Program | undefined;
  let blocker: Server | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'media-program-'));
    const first = await freePortRange(4);
    environment = {
      HC_DATA_DIR: dataDir,
      HC_MEDIA_PORT: String(first),
      HC_RTC_PORT: String(first + 1),
      HC_MEDIA_WORKERS: '2',
      HC_API_URL: `http://127.0.0.1:${first + 3}`,
      HC_LOG_LEVEL: 'info',
      HC_LOG_FORMAT: 'json',
      HC_SUPERVISED: '1',
    };
  });

  afterEach(async () => {
    if (program?.exit === undefined) program?.process.kill('SIGKILL');
    program = undefined;
    await new Promise<void>((resolve) => (blocker === undefined ? resolve() : blocker.close(() => resolve())));
    blocker = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });

  async function occupy(port: string | undefined): Promise<void> {
    const server = createServer();
    blocker = server;
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
  }

  async function expectNoWorkerLeft(): Promise<void> {
    const pids = program?.workerPids ?? [];
    await until('the workers to be gone', () => !pids.some(isAlive));
  }

  it('stops on SIGTERM with 0 and leaves no worker behind', async () => {
    program = new Program(environment);
    await program.ready();
    expect(program.workerPids).toHaveLength(2);
    expect((await fetch(`http://127.0.0.1:${environment['HC_MEDIA_PORT']}/healthz`)).status).toBe(200);
    program.process.kill('SIGTERM');
    expect(await program.exited()).toBe(0);
    expect(program.output).not.toContain('media worker died');
    await expectNoWorkerLeft();
  });

  it('lets a live call finish after SIGTERM, and stops with it (F10)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    await mkdir(join(dataDir, 'keys'));
    await writeFile(join(dataDir, 'keys', 'api.public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    program = new Program({ ...environment, HC_DRAIN_TIMEOUT_SECONDS: '60', HC_ALLOWED_ORIGINS: 'http://clinic.test' });
    await program.ready();
    const url = `http://127.0.0.1:${environment['HC_MEDIA_PORT']}`;
    const token = signAsApi(joinClaims({ node: 'media-1' }), privateKey);
    const client = await TestClient.open(url, { protocolVersion: MEDIA_PROTOCOL_VERSION, token }, 'http://clinic.test');
    await client.join();
    program.process.kill('SIGTERM');
    await until('the drain', async () => (await fetch(`${url}/readyz`)).status === 503);
    const rtpParameters = opusParameters();
    await client.ask('produce', { kind: 'audio', source: 'microphone', rtpParameters, paused: false });
    expect(program.workerPids.every(isAlive)).toBe(true);
    await client.ask('leave', {});
    expect(await program.exited()).toBe(0);
    client.close();
    await expectNoWorkerLeft();
  });

  it('stops when its supervisor is gone', async () => {
    program = new Program(environment);
    await program.ready();
    program.process.disconnect();
    expect(await program.exited()).toBe(0);
    await expectNoWorkerLeft();
  });

  it('leaves no worker behind when it is killed', async () => {
    program = new Program(environment);
    await program.ready();
    program.process.kill('SIGKILL');
    await program.exited();
    await expectNoWorkerLeft();
  });

  it('says which port is taken, and exits with 1', async () => {
    await occupy(environment['HC_MEDIA_PORT']);
    program = new Program(environment);
    expect(await program.exited()).toBe(1);
    expect(program.output).toContain(`Port ${environment['HC_MEDIA_PORT']} on 127.0.0.1 is taken`);
    await expectNoWorkerLeft();
  });

  it('says when the port of a worker is taken, and exits with 1', async () => {
    await occupy(environment['HC_RTC_PORT']);
    program = new Program(environment);
    expect(await program.exited()).toBe(1);
    expect(program.output).toContain(`could not listen on 127.0.0.1 port ${environment['HC_RTC_PORT']}`);
  });

  it('says when there is no worker to run, and exits with 1', async () => {
    program = new Program({ ...environment, MEDIASOUP_WORKER_BIN: join(dataDir, 'nothing') });
    expect(await program.exited()).toBe(1);
    expect(program.output).toContain('MEDIASOUP_WORKER_BIN');
  });

  it('names the variable that it cannot use, and exits with 1', async () => {
    program = new Program({ ...environment, HC_MEDIA_WORKERS: 'many' });
    expect(await program.exited()).toBe(1);
    expect(program.output).toContain('HC_MEDIA_WORKERS');
  });
});
