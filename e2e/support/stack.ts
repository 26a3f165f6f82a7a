import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { demoAccountSchema, type DemoAccount } from '@health-connect/contract';
import { z } from 'zod';
import { replicaSetUri } from '../../tools/database/mongod-arguments.ts';
import { findFreePorts } from './free-port.ts';

const root = join(import.meta.dirname, '..', '..');
const START_TIMEOUT_MS = 90_000;

/** The whole product, running as `npm start` runs it, on ports and data of its own. */
export interface Stack {
  readonly url: string;
  readonly mediaUrl: string;
  readonly dataDir: string;
  /** Address of its database. */
  readonly mongodbUri: string;
  readonly accounts: readonly DemoAccount[];
  /** Somebody of the demonstration hospital. @throws RangeError when there are not so many of the role */
  account(role: DemoAccount['role'], index?: number): DemoAccount;
  /** Everything that the supervisor has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C would; resolves with the supervisor's exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts database, media server and api under the supervisor, with a fresh demonstration hospital.
 * @param settings of the hospital that differ from what an installation begins with
 */
export async function startStack(settings: Readonly<Record<`HC_${string}`, string>> = {}): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'health-connect-e2e-'));
  const port = await findFreePorts(8);
  const url = `http://localhost:${port}`;
  const mediaUrl = `http://localhost:${port + 1}`;
  const supervisor = spawn(process.execPath, [join(root, 'tools', 'start', 'main.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HC_DATA_DIR: dataDir,
      HC_PORT: String(port),
      HC_MEDIA_PORT: String(port + 1),
      HC_MONGO_PORT: String(port + 2),
      HC_RTC_PORT: String(port + 3),
      HC_MEDIA_WORKERS: '2',
      HC_PUBLIC_URL: url,
      HC_MEDIA_PUBLIC_URL: mediaUrl,
      HC_MEDIA_CONTROL_URL: `http://127.0.0.1:${port + 1}`,
      HC_API_URL: `http://127.0.0.1:${port}`,
      MONGODB_URI: undefined,
      ...settings,
    },
  });
  const lines: string[] = [];
  const exited = new Promise<number | null>((resolve) => supervisor.once('exit', resolve));
  const opened = new Promise<void>((resolve) => {
    for (const stream of [supervisor.stdout, supervisor.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line.includes(`open ${url}`)) resolve();
      });
    }
  });
  const output = (): string => lines.join('\n');
  const stop = async (): Promise<number | null> => {
    supervisor.kill('SIGINT');
    const code = await exited;
    await rm(dataDir, { recursive: true, force: true });
    return code;
  };

  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  const failed = new Promise<never>((_resolve, reject) => {
    deadline.addEventListener('abort', () => {
      reject(new Error(`The product did not start within ${START_TIMEOUT_MS} ms:\n${output()}`));
    });
    void exited.then((code) => {
      reject(new Error(`The product stopped with ${String(code)} while starting:\n${output()}`));
    });
  });
  failed.catch(() => undefined);
  try {
    await Promise.race([opened, failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  const accounts = z
    .array(demoAccountSchema)
    .parse(JSON.parse(await readFile(join(dataDir, 'demo-accounts.json'), 'utf8')));
  const mongodbUri = replicaSetUri(port + 2).replace('/?', '/health-connect?');
  const account = (role: DemoAccount['role'], index = 0): DemoAccount => {
    const found = accounts.filter((candidate) => candidate.role === role)[index];
    if (found === undefined) throw new RangeError(`The demonstration hospital has no ${role} ${index}`);
    return found;
  };
  return { url, mediaUrl, dataDir, mongodbUri, accounts, account, output, stop };
}
