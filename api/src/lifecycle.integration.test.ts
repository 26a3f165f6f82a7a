import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cuttableWay } from './testing/cuttable-way.ts';
import { databaseUri } from './testing/test-server.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

let dataDir: string;
let children: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'health-connect-api-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Exit code, or the signal that ended the process. */
  readonly exit: Promise<number | string>;
}

/** The server as a process of its own. */
function run(environment: Readonly<Record<string, string>>): Run {
  const env = { PATH: process.env['PATH'] ?? '', HC_DATA_DIR: dataDir, HC_PORT: '0', ...environment };
  const child = fork(MAIN, { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = Promise.withResolvers<number | string>();
  child.once('exit', (code, signal) => exit.resolve(code ?? signal ?? ''));
  return { child, output: () => output, exit: exit.promise };
}

async function portOf({ child, output }: Run): Promise<number> {
  for (;;) {
    const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(output())?.[1];
    if (port !== undefined) return Number(port);
    if (child.stdout === null) throw new Error('The process has no output');
    await once(child.stdout, 'data');
  }
}

function portOfListener(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('Nothing listens');
  return address.port;
}

async function text(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  await once(socket, 'close');
  return received;
}

describe('settings that are missing or wrong', () => {
  it.each([
    [{}, 'MONGODB_URI'],
    [{ MONGODB_URI: 'http://somewhere' }, 'MONGODB_URI'],
    [{ MONGODB_URI: 'mongodb://x', HC_PORT: 'many' }, 'HC_PORT'],
    [{ MONGODB_URI: 'mongodb://x', HC_PUBLIC_URL: 'here' }, 'HC_PUBLIC_URL'],
    [{ MONGODB_URI: 'mongodb://x', HC_JOIN_EARLY_MINUTES: '-1' }, 'HC_JOIN_EARLY_MINUTES'],
  ])('%j end the start with one sentence that names %s', async (environment, name) => {
    const { exit, output } = run(environment);
    expect(await exit).toBe(1);
    expect(output().trim().split('\n')).toHaveLength(1);
    expect(output()).toContain(name);
  });
});

describe('the first start', () => {
  it('makes keys that only their owner can read, and keeps them', async () => {
    const environment = { MONGODB_URI: databaseUri() };
    const first = run(environment);
    await portOf(first);
    const keys = join(dataDir, 'keys');
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
    const secrets = ['api.private.pem', 'audit.key', 'queue.key', 'second-factor.key', 'session.key'];
    expect((await readdir(keys)).sort()).toEqual([...secrets, 'api.public.pem'].sort());
    for (const name of secrets) expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
    const made = (await stat(join(keys, 'session.key'))).mtimeMs;
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    await portOf(run(environment));
    expect((await stat(join(keys, 'session.key'))).mtimeMs).toBe(made);
  });

  it('says which port is taken', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = portOfListener(taken);
    const { exit, output } = run({ MONGODB_URI: databaseUri(), HC_PORT: String(port) });
    expect(await exit).toBe(1);
    expect(output()).toContain(`Port ${port} is taken`);
    taken.close();
  });
});

describe('the end', () => {
  it('on SIGTERM lets a request under way finish, takes no new one, and exits with 0 (F10)', async () => {
    const server = run({ MONGODB_URI: databaseUri() });
    const port = await portOf(server);
    const under = connect(port, '127.0.0.1');
    const answer = text(under);
    const body = '{"email":"nobody@test.example","password":"x"}';
    under.write(`POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`);
    under.write(`Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
    // Answered on another connection: by then the server has read the first part above.
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    while (!server.output().includes('Stopping')) await once(server.child.stdout ?? server.child, 'data');
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    under.write(body.slice(10));
    expect(await answer).toMatch(/^HTTP\/1\.1 401 [^]*Connection: close[^]*signin_wrong/i);
    expect(await server.exit).toBe(0);
    expect(server.output()).toContain('"Stopped"');
  });

  it('comes with the end of the supervisor', async () => {
    const server = run({ MONGODB_URI: databaseUri(), HC_SUPERVISED: '1' });
    await portOf(server);
    server.child.disconnect();
    expect(await server.exit).toBe(0);
  });

  it('comes with the end of the supervisor also during the start', async () => {
    const server = run({ MONGODB_URI: databaseUri(), HC_SUPERVISED: '1' });
    server.child.disconnect();
    expect(await server.exit).toBe(0);
  });
});

describe('a database that cannot be reached (F9)', () => {
  it('is waited for while both are starting', async () => {
    const way = await cuttableWay(databaseUri());
    way.cut();
    const server = run({ MONGODB_URI: way.uri });
    while (way.refused() === 0) await once(way.listener, 'connection');
    expect(server.output()).not.toContain('"Ready"');
    way.mend();
    expect(await portOf(server)).toBeGreaterThan(0);
    way.close();
  });

  it('is told by 503 within 2 s, opens no door, and heals by itself', async () => {
    const way = await cuttableWay(databaseUri());
    const server = run({ MONGODB_URI: way.uri });
    const url = `http://127.0.0.1:${await portOf(server)}`;
    const body = JSON.stringify({ email: 'nobody@test.example', password: 'x' });
    const login = () =>
      fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect((await login()).status).toBe(401);
    way.cut();
    for (let round = 0; round < 3; round += 1) {
      const start = performance.now();
      const response = await login();
      expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('"unavailable"')]);
      expect(performance.now() - start).toBeLessThan(2000);
    }
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    way.mend();
    const healed = performance.now();
    while ((await login()).status === 503) expect(performance.now() - healed).toBeLessThan(10_000);
    way.close();
  });
});
