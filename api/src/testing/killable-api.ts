import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ask } from './storm.ts';
import { PUBLIC_URL, type Call, type TestServer } from './test-server.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const RETRY_MS = 25;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** The api as a process of its own, on the database and the keys of a test server, which can be killed at any moment. */
export class KillableApi {
  readonly #server: TestServer;
  readonly #port: number;
  #child: ChildProcess;
  #kills = 0;
  #unanswered = 0;

  private constructor(server: TestServer, port: number) {
    this.#server = server;
    this.#port = port;
    this.#child = this.#start();
  }

  static async start(server: TestServer): Promise<KillableApi> {
    return new KillableApi(server, await freePort());
  }

  /** How often it was killed, and how many requests stayed without an answer because of it. */
  get facts(): { readonly kills: number; readonly unanswered: number } {
    return { kills: this.#kills, unanswered: this.#unanswered };
  }

  /** A request that is repeated until it is answered, as a page does that has lost the connection. */
  readonly ask: Ask = async (method, path, call) => {
    for (;;) {
      try {
        return await this.#once(method, path, call);
      } catch {
        await delay(RETRY_MS);
      }
    }
  };

  /** Ends it without a warning, whatever it is doing, and starts it again. */
  async kill(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
    this.#kills += 1;
    this.#child = this.#start();
  }

  /** When it answers. */
  async ready(): Promise<void> {
    await this.ask('GET', '/healthz', {});
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  async #once(method: string, path: string, { cookie, body }: Call): Promise<Response> {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie === undefined ? {} : { cookie }),
    };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, request);
      // A body that breaks off is no answer.
      return new Response(await response.arrayBuffer(), { status: response.status });
    } catch (error) {
      const refused = error instanceof Error && String(error.cause).includes('ECONNREFUSED');
      if (!refused) this.#unanswered += 1;
      throw error;
    }
  }

  #start(): ChildProcess {
    const { dataDir, mongodbUri, joinEarlyMinutes } = this.#server.config;
    const env = {
      PATH: process.env['PATH'] ?? '',
      HC_DATA_DIR: dataDir,
      HC_PORT: String(this.#port),
      HC_PUBLIC_URL: PUBLIC_URL,
      HC_LOG_LEVEL: 'error',
      HC_JOIN_EARLY_MINUTES: String(joinEarlyMinutes),
      MONGODB_URI: mongodbUri,
    };
    return fork(MAIN, { env, execArgv: [], stdio: 'ignore' });
  }
}
