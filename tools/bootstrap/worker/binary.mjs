import { run } from '../run.mjs';

/** Started without MEDIASOUP_VERSION the worker ends at once with this code (worker/src/main.cpp of mediasoup). */
const NO_VERSION_EXIT_CODE = 41;

/**
 * Whether a mediasoup worker binary runs here: a binary for another libc or with a missing library does not.
 *
 * @param {string} path
 * @returns {Promise<boolean>}
 */
export async function workerRuns(path) {
  const result = await run(path, [], { env: {}, timeoutMs: 5000 });

  return result.code === NO_VERSION_EXIT_CODE;
}
