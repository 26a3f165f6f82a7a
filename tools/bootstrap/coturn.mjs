import { existsSync } from 'node:fs';
import { ensureDebianPackages } from './apt.mjs';
import { findOnPath, isExecutable } from './executable.mjs';
import { BootstrapError, messageOf } from './fail.mjs';

/**
 * The coturn server that is there: TURNSERVER_BIN or the PATH.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findTurnserver(env = process.env) {
  if (!env['TURNSERVER_BIN']) return findOnPath('turnserver', env['PATH']);
  if (isExecutable(env['TURNSERVER_BIN'])) return env['TURNSERVER_BIN'];
  throw new BootstrapError(`TURNSERVER_BIN names ${env['TURNSERVER_BIN']}, which is no program: correct or unset it.`);
}

/**
 * coturn serves tests of network paths only, so that a machine without it is no failure.
 *
 * @param {import('./progress.mjs').Step} step
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string | undefined>}
 */
export async function resolveTurnserver(step, env = process.env) {
  const found = findTurnserver(env);
  if (found) return found;
  // Debian's package starts a server that everybody can reach: fine in a container that starts no services, but
  // nothing that running tests should do to somebody's machine.
  if (existsSync('/run/systemd/system')) {
    step.say('not there, tests that need it are left out: install coturn, or set TURNSERVER_BIN');

    return undefined;
  }
  try {
    await ensureDebianPackages(['coturn'], step);
  } catch (error) {
    step.say(`not there, tests that need it are left out (${messageOf(error)})`);
  }

  return findTurnserver(env);
}
