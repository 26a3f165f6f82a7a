import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { projectRoot } from './places.mjs';

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs the task in its Node and stays until it ends. The task has a channel to this process: when the channel closes
 * because this process was killed, the task ends itself.
 *
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export function handOver(node, args, env) {
  const child = spawn(node, args, {
    cwd: projectRoot,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);

  return new Promise((settle) => {
    child.once('error', (error) => {
      console.error(`Cannot go on: ${node} could not be started (${error.message}): set HC_NODE_BIN to a Node 24.`);
      settle(1);
    });
    child.once('exit', (code, signal) => {
      for (const name of FORWARDED) process.removeListener(name, forward);
      settle(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
