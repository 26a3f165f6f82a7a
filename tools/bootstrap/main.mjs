import { rmSync } from 'node:fs';
import { Cache } from './cache.mjs';
import { resolveChromium } from './chromium.mjs';
import { resolveTurnserver } from './coturn.mjs';
import { BootstrapError, messageOf } from './fail.mjs';
import { handOver } from './hand-over.mjs';
import { resolveMongod } from './mongod/resolve.mjs';
import { resolveNode } from './own-node.mjs';
import { installPackages } from './packages.mjs';
import { cacheDirectory, projectRoot } from './places.mjs';
import { Progress } from './progress.mjs';
import { endAllRuns } from './run.mjs';
import { commandOf, tasks } from './tasks.mjs';
import { buildWeb, prepareWeb } from './web.mjs';
import { resolveWorker } from './worker/resolve.mjs';

/**
 * Brings what a task needs, everything side by side, and runs it.
 *
 * @param {readonly string[]} args the task's name and its own arguments
 * @returns {Promise<void>}
 */
export async function main([name = '', ...args]) {
  if (name === 'doctor') {
    const { doctor } = await import('../doctor/main.mjs');
    process.exitCode = await doctor();
    return;
  }
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) {
    console.error(`There is no task "${name}": use one of ${[...Object.keys(tasks), 'doctor'].join(', ')}.`);
    process.exitCode = 1;
    return;
  }

  const stopListening = endOnSignals();
  try {
    const { node, env } = await bring(task.needs);
    stopListening();
    process.exitCode = await handOver(node, [...commandOf(projectRoot, task), ...args], env);
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}

/**
 * @param {readonly import('./tasks.mjs').Need[]} needs
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>}
 */
async function bring(needs) {
  const root = projectRoot;
  const cache = openCache(cacheDirectory());
  const progress = new Progress();
  const wants = (/** @type {import('./tasks.mjs').Need} */ need) => needs.includes(need);
  const unless = (/** @type {boolean} */ skip, /** @type {() => Promise<string | undefined>} */ work) =>
    skip ? Promise.resolve(undefined) : work();

  // Compiling takes longest, so it asks first for the one package installation that can run at a time.
  const worker = unless(!wants('worker'), () =>
    progress.step('mediasoup worker', (step) => resolveWorker(root, cache, step)),
  );
  const packages = progress.step('npm packages', (step) => installPackages(root, cache, step));
  const node = packages.then(() => resolveNode(root));
  const mongod = unless(!wants('mongod') || Boolean(process.env['MONGODB_URI']), () =>
    progress.step('MongoDB', (step) => resolveMongod({ cache, step, node })),
  );
  const chromium = unless(!wants('chromium'), () =>
    progress.step('Chromium', (step) => resolveChromium({ cache, step, node, root })),
  );
  const turnserver = unless(!wants('turnserver'), () => progress.step('coturn', (step) => resolveTurnserver(step)));
  const web = node.then(async (path) => {
    if (wants('web-sources')) await progress.step('web sources', (step) => prepareWeb(root, path, step));
    if (wants('web-build')) await progress.step('web app', (step) => buildWeb(root, path, step));
  });

  // All of them to their end, also when one fails: what takes minutes is not thrown away, and every problem is named.
  const results = await Promise.allSettled([packages, worker, mongod, chromium, turnserver, web, node]);
  progress.close();
  const failures = new Set(results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  if (failures.size > 0) throw new AggregateError(failures);

  return {
    node: await node,
    env: {
      ...(await named('MEDIASOUP_WORKER_BIN', worker)),
      ...(await named('MONGOD_BIN', mongod)),
      ...(await named('CHROMIUM_BIN', chromium)),
      ...(await named('TURNSERVER_BIN', turnserver)),
    },
  };
}

/**
 * @param {string} directory
 * @returns {Cache}
 */
function openCache(directory) {
  const cache = new Cache(directory);
  try {
    rmSync(cache.temporaryDirectory(), { recursive: true });
    cache.removeAbandoned();
  } catch (error) {
    throw new BootstrapError(
      `${directory} cannot be written to: set HEALTH_CONNECT_CACHE to a folder that can.`,
      messageOf(error),
    );
  }

  return cache;
}

/**
 * @param {string} name
 * @param {Promise<string | undefined>} value
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function named(name, value) {
  const path = await value;

  return path ? { [name]: path } : {};
}

/** @param {unknown} error */
function report(error) {
  for (const failure of error instanceof AggregateError ? error.errors : [error]) {
    const details = failure instanceof BootstrapError ? failure.details : failure instanceof Error ? failure.stack : '';
    if (details) console.error(`\n${details}`);
    console.error(`\nCannot go on: ${messageOf(failure)}`);
  }
}

/** @returns {() => void} */
function endOnSignals() {
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    endAllRuns();
    console.error('\nStopped. The next start goes on where this one was.');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  return () => {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  };
}
