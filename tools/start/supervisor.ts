import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replicaSetUri } from '../database/mongod-arguments.ts';
import { ensurePrimary } from '../database/replica-set.ts';
import { describeTaken, portUses, takenPorts } from '../shared/ports.mjs';
import type { Settings } from '../shared/settings.mjs';
import type { ConsoleOutput } from './console-output.ts';
import { mongodSpec, stopLeftMongod } from './embedded-mongod.ts';
import { InstanceLock } from './instance-lock.ts';
import { ManagedProcess } from './managed-process.ts';
import type { ProcessExit, ProcessSpec } from './managed-process.ts';
import { localAddress, waitUntilReady } from './readiness.ts';
import { serverSpec } from './server-spec.ts';

/** Programs that the bootstrap has found. */
export interface Programs {
  readonly mongod: string | undefined;
  readonly worker: string;
}

/** A sentence for the person who has started it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const DATABASE_TIMEOUT_MS = 60_000;
const READY_TIMEOUT_MS = 60_000;
/** After a hard end the servers need a moment to notice and to let go of their ports. */
const PORT_PATIENCE_MS = 15_000;
/** A program that ends this often before anything was ready will not come up by being started again. */
const MOST_FAILURES_AT_START = 3;

/** Starts database, media server and api, keeps them running, and stops them in the order in which they need each other. */
export class Supervisor {
  readonly #settings: Settings;
  readonly #programs: Programs;
  readonly #output: ConsoleOutput;
  readonly #givenUp = new AbortController();
  #lock: InstanceLock | undefined;
  #database: ManagedProcess | undefined;
  #servers: ManagedProcess[] = [];
  #ready = false;
  #stopping: Promise<void> | undefined;

  private constructor(settings: Settings, programs: Programs, output: ConsoleOutput) {
    this.#settings = settings;
    this.#programs = programs;
    this.#output = output;
  }

  static create(settings: Settings, programs: Programs, output: ConsoleOutput): Supervisor {
    return new Supervisor(settings, programs, output);
  }

  /** Resolves when the api says that everything is ready. */
  async start(): Promise<void> {
    const { dataDir, port, host } = this.#settings;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    this.#lock = InstanceLock.take(dataDir);
    await this.#checkPorts(this.#lock.lastEndedHard);
    this.#givenUp.signal.throwIfAborted();

    const mediaServer = this.#manage(this.#serverSpec('media-server'));
    this.#servers = [mediaServer];
    mediaServer.start();
    await this.#startDatabase();
    this.#givenUp.signal.throwIfAborted();
    const api = this.#manage(this.#serverSpec('api'));
    this.#servers = [mediaServer, api];
    api.start();
    await waitUntilReady(`${localAddress(host, port)}/readyz`, READY_TIMEOUT_MS, this.#givenUp.signal);
    this.#ready = true;
  }

  /** Stops the servers, then the database. Calling it again waits for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Ends everything at once, for a second Ctrl-C. */
  kill(): void {
    for (const child of [...this.#servers, this.#database]) child?.kill();
    this.#lock?.release();
  }

  async #stop(): Promise<void> {
    this.#givenUp.abort(new StartError('Stopped while starting.'));
    await Promise.all(this.#servers.map((server) => server.stop()));
    await this.#database?.stop();
    this.#lock?.release();
  }

  async #checkPorts(afterHardEnd: boolean): Promise<void> {
    const { dataDir } = this.#settings;
    const left = afterHardEnd ? await stopLeftMongod(databaseFolder(dataDir)) : undefined;
    if (left !== undefined) this.#output.say(`stopped the database of an earlier start (process ${left})`);

    const taken = await takenPorts(portUses(this.#settings), afterHardEnd ? PORT_PATIENCE_MS : 0);
    if (taken.length > 0) throw new StartError(taken.map(describeTaken).join('\n'));
  }

  async #startDatabase(): Promise<void> {
    const { mongodbUri, mongoPort, dataDir } = this.#settings;
    if (mongodbUri !== undefined) return;
    if (this.#programs.mongod === undefined) {
      throw new StartError('There is no mongod: start with "npm start", which brings one, or set MONGODB_URI.');
    }
    const folder = databaseFolder(dataDir);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#database = this.#manage(mongodSpec(this.#programs.mongod, folder, mongoPort));
    this.#database.start();
    await ensurePrimary(mongoPort, DATABASE_TIMEOUT_MS, this.#givenUp.signal);
  }

  #serverSpec(name: 'api' | 'media-server'): ProcessSpec {
    const { mongodbUri, mongoPort } = this.#settings;
    return serverSpec(name, this.#settings, {
      mongodbUri: mongodbUri ?? replicaSetUri(mongoPort).replace('/?', '/health-connect?'),
      worker: this.#programs.worker,
    });
  }

  #manage(spec: ProcessSpec): ManagedProcess {
    const child = ManagedProcess.create(spec);
    child.on('line', (line) => this.#output.fromProcess(spec.name, line));
    child.on('died', (exit) => this.#onDied(spec.name, exit));
    return child;
  }

  #onDied(name: string, exit: ProcessExit): void {
    const how = exit.error?.message ?? (exit.signal === null ? `exit code ${exit.code ?? '?'}` : exit.signal);
    if (!this.#ready && exit.failures >= MOST_FAILURES_AT_START) {
      this.#givenUp.abort(new StartError(`${name} cannot start (${how}): its lines above say why.`));
      return;
    }
    this.#output.say(`${name} has ended (${how}), starting it again in ${exit.restartInMs / 1000} s`);
  }
}

function databaseFolder(dataDir: string): string {
  return join(dataDir, 'mongodb');
}
