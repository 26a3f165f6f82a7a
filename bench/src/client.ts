import { Agent, request } from 'node:http';

/** An answer, and how long it took to come. */
export interface Answered {
  readonly status: number;
  readonly durationMs: number;
  readonly cookies: readonly string[];
}

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly cookie?: string;
  readonly body?: unknown;
  /** Address of the person's network, as a proxy of ours would tell it. */
  readonly network?: string;
}

const TIMEOUT_MS = 30_000;

/** Plain HTTP with connections that stay open. Talks to this machine only. */
export class Client {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #timeoutMs: number;

  private constructor(url: URL, connections: number, timeoutMs: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#timeoutMs = timeoutMs;
  }

  /** @throws Error for an address that is not loopback */
  static create(address: string, connections: number, timeoutMs = TIMEOUT_MS): Client {
    const url = new URL(address);
    if (!['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) throw new Error('Only this machine is measured');
    url.hostname = '127.0.0.1';
    return new Client(url, connections, timeoutMs);
  }

  ask(ask: Ask): Promise<Answered> {
    const { method = 'GET', path, cookie, body, network } = ask;
    const startedAt = performance.now();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(cookie === undefined ? {} : { cookie }),
      ...(network === undefined ? {} : { 'x-forwarded-for': network }),
      ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': payload.length }),
    };
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      const asked = request({ hostname, port, path, method, headers, agent: this.#agent, timeout: this.#timeoutMs });
      asked.on('response', (response) => {
        response.resume();
        response.on('end', () => {
          const cookies = (response.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0] ?? '');
          resolve({ status: response.statusCode ?? 0, durationMs: performance.now() - startedAt, cookies });
        });
      });
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path} was not answered in time`)));
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed a connection that was idle just as it was used again: not an answer to this request.
        if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(this.ask(ask));
        else reject(new Error(`${method} ${path}: ${error.message}`, { cause: error }));
      });
      asked.end(payload);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The value below which this share of the numbers lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
