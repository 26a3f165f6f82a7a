import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from './free-port.ts';

const RUN_SUPERVISOR = new URL('../start/run-supervisor.ts', import.meta.url).href;

/** A server that does what the supervisor expects of one, and writes down what happens to it. */
const server = (name: string, portVariable: string): string => `
  import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  import { join } from 'node:path';
  const data = process.env.HC_DATA_DIR;
  const note = (event) => appendFileSync(join(data, 'events'), '${name} ' + event + '\\n');
  const database = () => {
    const pid = Number(readFileSync(join(data, 'mongodb', 'mongod.lock'), 'utf8'));
    try { process.kill(pid, 0); return pid > 0; } catch { return false; }
  };
  if (existsSync(join(data, 'break-${name}'))) process.exit(7);
  note('pid=' + process.pid);
  if ('${name}' === 'api') writeFileSync(join(data, 'demo-accounts.json'),
    JSON.stringify([{ role: 'doctor', name: 'Dr. A', email: 'a@example.org', password: 'p' }]));
  process.on('SIGTERM', () => {
    if (existsSync(join(data, 'stubborn-${name}'))) return note('ignored SIGTERM');
    note('stopped database=' + database());
    process.exit(0);
  });
  process.on('disconnect', () => { note('alone'); process.exit(0); });
  createServer((_request, response) => response.end('ready')).listen(Number(process.env.${portVariable}), '127.0.0.1');
`;

/** A folder in which the supervisor finds fake servers, to be run with a real mongod. */
export class FakeInstallation {
  readonly root: string;
  readonly dataDir: string;
  readonly ports: Readonly<Record<string, string>>;
  readonly lines: string[] = [];
  readonly #supervisors: ChildProcess[] = [];

  private constructor(root: string, ports: Readonly<Record<string, string>>) {
    this.root = root;
    this.dataDir = join(root, 'data');
    this.ports = ports;
  }

  static async create(): Promise<FakeInstallation> {
    const root = mkdtempSync(join(tmpdir(), 'fake-installation-'));
    for (const [name, port] of [
      ['api', 'HC_PORT'],
      ['media-server', 'HC_MEDIA_PORT'],
    ] as const) {
      mkdirSync(join(root, name, 'src'), { recursive: true });
      writeFileSync(join(root, name, 'src', 'main.ts'), server(name, port));
    }
    mkdirSync(join(root, 'start'));
    writeFileSync(
      join(root, 'start', 'main.ts'),
      `import { runSupervisor } from ${JSON.stringify(RUN_SUPERVISOR)};
      process.exitCode = await runSupervisor(${JSON.stringify(root)}, process.argv.slice(2));`,
    );
    const names = ['HC_PORT', 'HC_MEDIA_PORT', 'HC_MONGO_PORT', 'HC_RTC_PORT'];
    const ports = await Promise.all(names.map(async (name) => [name, String(await findFreePort())] as const));
    return new FakeInstallation(root, Object.fromEntries(ports));
  }

  start(...args: string[]): ChildProcess {
    const env = { ...process.env, ...this.ports, HC_DATA_DIR: this.dataDir, HC_MEDIA_WORKERS: '1' };
    const child = spawn(process.execPath, [join(this.root, 'start', 'main.ts'), ...args], {
      env: { ...env, MEDIASOUP_WORKER_BIN: '/bin/false', MONGODB_URI: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    }
    this.#supervisors.push(child);
    return child;
  }

  /** What has happened to the servers, in order. */
  events(): string[] {
    const file = join(this.dataDir, 'events');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Process ids of the servers and the database, the last ones first. */
  pidOf(name: 'api' | 'media-server' | 'mongod'): number {
    if (name === 'mongod') return Number(readFileSync(join(this.dataDir, 'mongodb', 'mongod.lock'), 'utf8'));
    const line = this.events().findLast((event) => event.startsWith(`${name} pid=`));
    return Number(line?.split('=')[1]);
  }

  async remove(): Promise<void> {
    const running = this.#supervisors.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(
      running.map((supervisor) => {
        supervisor.kill('SIGTERM');
        return once(supervisor, 'exit');
      }),
    );
    rmSync(this.root, { recursive: true, force: true });
  }
}
