import { Cache } from '../bootstrap/cache.mjs';
import { messageOf } from '../bootstrap/fail.mjs';
import { findMongod } from '../bootstrap/mongod/resolve.mjs';
import { cacheDirectory } from '../bootstrap/places.mjs';
import { findWorker } from '../bootstrap/worker/resolve.mjs';
import { readSettings } from '../shared/settings.mjs';
import type { Settings } from '../shared/settings.mjs';
import { ConsoleOutput } from './console-output.ts';
import { waitForStopRequest } from './stop-request.ts';
import { StartError, Supervisor } from './supervisor.ts';
import type { Programs } from './supervisor.ts';
import { welcomeText } from './welcome.ts';

const FORCED_EXIT_CODE = 130;
const output = ConsoleOutput.create();

/** `npm start`: runs everything until somebody asks it to stop. Answers the exit code. */
export async function runSupervisor(root: string, args: readonly string[]): Promise<number> {
  try {
    const settings = readSettings(root, args, process.env);
    const supervisor = Supervisor.create(settings, await findPrograms(settings), output);
    return await supervise(supervisor, settings);
  } catch (error) {
    output.plain(`\nCannot start: ${messageOf(error)}`);
    return 1;
  }
}

async function supervise(supervisor: Supervisor, settings: Settings): Promise<number> {
  const startedAt = performance.now();
  const stopRequest = waitForStopRequest(() => {
    supervisor.kill();
    process.exit(FORCED_EXIT_CODE);
  });
  const start = supervisor.start().then(() => {
    output.say(`ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    output.plain(welcomeText(settings.dataDir, settings.demo, settings.publicUrl));
  });

  try {
    await Promise.race([start, stopRequest]);
    output.say(`stopping on ${await stopRequest} (again to force)`);
  } finally {
    await supervisor.stop();
    // Stopped while starting: that it did not come up is no news then.
    await start.catch(() => undefined);
  }
  output.say('stopped');
  return 0;
}

async function findPrograms(settings: Settings): Promise<Programs> {
  const cache = new Cache(cacheDirectory());
  const worker = process.env['MEDIASOUP_WORKER_BIN'] || (await findWorker(settings.root, cache));
  if (worker === undefined) {
    throw new StartError(
      'There is no mediasoup worker: start with "npm start", which brings one, or set MEDIASOUP_WORKER_BIN.',
    );
  }
  return { worker, mongod: settings.mongodbUri === undefined ? await findMongod(cache) : undefined };
}
