import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache } from '../bootstrap/cache.mjs';
import { findMongod } from '../bootstrap/mongod/resolve.mjs';
import { cacheDirectory } from '../bootstrap/places.mjs';
import { mongodArguments, replicaSetUri } from '../database/mongod-arguments.ts';
import { ensurePrimary } from '../database/replica-set.ts';
import { findFreePort } from './free-port.ts';

const READY_TIMEOUT_MS = 60_000;

/** A real mongod that one test has for itself, so that it can be killed and started again on the same files. */
export class OwnMongod {
  readonly port: number;
  readonly #binary: string;
  readonly #dataDir: string;
  #process: ChildProcess;

  private constructor(binary: string, dataDir: string, port: number) {
    this.port = port;
    this.#binary = binary;
    this.#dataDir = dataDir;
    this.#process = this.#spawn();
  }

  /**
   * @param options.alone whether it founds a replica set of its own; otherwise it waits to be taken into one
   * @param options.dataDir folder of its files; without, one of its own. Removed at the end
   */
  static async start(options: { readonly alone?: boolean; readonly dataDir?: string } = {}): Promise<OwnMongod> {
    const { alone = true } = options;
    const binary = await findMongod(new Cache(cacheDirectory()));
    if (!binary) throw new Error('no mongod was found: run the tests with "npm test", which brings one');
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'health-connect-own-mongod-')));
    await mkdir(dataDir, { recursive: true });
    const mongod = new OwnMongod(binary, dataDir, await findFreePort());
    try {
      if (alone) await mongod.ready();
      return mongod;
    } catch (error) {
      await mongod.close();
      throw error;
    }
  }

  /** Address of the replica set, with a database. */
  uri(database: string): string {
    return replicaSetUri(this.port).replace('/?', `/${database}?`);
  }

  ready(): Promise<void> {
    return ensurePrimary(this.port, READY_TIMEOUT_MS);
  }

  /** Ends it without a warning, whatever it is doing. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it write everything to disk and end. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Starts it again on the same files and the same port. */
  async restart(): Promise<void> {
    this.#process = this.#spawn();
    await this.ready();
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exited;
  }

  #spawn(): ChildProcess {
    const options = { dataDir: this.#dataDir, port: this.port, cacheGiB: 0.25 };
    return spawn(this.#binary, mongodArguments(options), { stdio: 'ignore' });
  }
}
