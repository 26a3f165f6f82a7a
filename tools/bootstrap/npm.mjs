import { BootstrapError } from './fail.mjs';
import { run } from './run.mjs';

/** npm's own limits (five minutes for each of several tries) are made for patience, not for a closed network. */
const NETWORK_OPTIONS = [
  '--fetch-timeout=30000',
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/**
 * Runs npm with the Node it belongs to. Under `npm start` that is the npm which was called; else the one on the PATH.
 *
 * @param {readonly string[]} args
 * @param {import('./run.mjs').RunOptions} [options]
 * @returns {Promise<import('./run.mjs').RunResult>}
 */
export async function npm(args, options = {}) {
  const script = process.env['npm_execpath'];
  const result =
    script && /npm-cli\.c?js$/.test(script)
      ? await run(process.execPath, [script, ...args, ...NETWORK_OPTIONS], options)
      : await run('npm', [...args, ...NETWORK_OPTIONS], options);
  if (result.code === 127) {
    throw new BootstrapError(
      'npm was not found: install npm (it comes with Node from your distribution or nodejs.org) and try again.',
      result.output,
    );
  }

  return result;
}
