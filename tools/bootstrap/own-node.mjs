import { join } from 'node:path';
import { BootstrapError } from './fail.mjs';
import { run } from './run.mjs';

/** The servers run TypeScript as it is, which this version does without a flag. */
const NEEDED_MAJOR = 24;

/**
 * The Node that runs the product: HC_NODE_BIN, this one if it is new enough, else the one that comes as an npm package.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function nodeCandidate(root, env = process.env) {
  if (env['HC_NODE_BIN']) return env['HC_NODE_BIN'];
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;

  // By path: npm drops the link in .bin when several platforms' packages offer the same name.
  return join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
}

/**
 * @param {string} path
 * @returns {Promise<string | undefined>} the version, if it runs here and is new enough
 */
export async function nodeVersion(path) {
  const result = await run(path, ['--version'], { timeoutMs: 10_000 });
  const version = /^v(\d+)\.\d+\.\d+/m.exec(result.output);

  return result.code === 0 && version && Number(version[1]) >= NEEDED_MAJOR ? version[0] : undefined;
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>} path of a Node that is new enough and runs here
 */
export async function resolveNode(root, env = process.env) {
  const path = nodeCandidate(root, env);
  if (path === process.execPath || (await nodeVersion(path))) return path;
  throw new BootstrapError(
    env['HC_NODE_BIN']
      ? `HC_NODE_BIN names ${path}, which is no Node ${NEEDED_MAJOR} or newer that runs here: correct or unset it.`
      : `there is no Node ${NEEDED_MAJOR} for ${process.platform} ${process.arch} among the npm packages: install Node ${NEEDED_MAJOR} or newer, or set HC_NODE_BIN to one.`,
  );
}
