import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootstrapError } from '../fail.mjs';
import { lockedPackage, matchesIntegrity } from '../lockfile.mjs';
import { npm } from '../npm.mjs';
import { lastLines, run } from '../run.mjs';
import { applyPatch, patches } from './patches.mjs';
import { wrapDirectory } from './wrap.mjs';

const PACK_TIMEOUT_MS = 120_000;

/**
 * Lays out the worker's sources, ready for Meson: mediasoup's npm package (fetched by itself, so that compiling need
 * not wait for `npm ci`), our subprojects in place of the downloaded ones, our patches.
 *
 * @param {string} target becomes the worker's folder
 * @param {{ root: string, shims: string, cache: import('../cache.mjs').Cache }} from
 * @returns {Promise<void>}
 */
export async function layOutWorkerSource(target, { root, shims, cache }) {
  const archive = await fetchPackage(root, cache);
  const temporary = cache.temporaryDirectory();
  try {
    const result = await run('tar', ['-xzf', archive, '-C', temporary]);
    if (result.code !== 0) {
      rmSync(archive, { force: true });
      throw new BootstrapError(
        'the package of mediasoup could not be unpacked: install tar and try again.',
        result.output,
      );
    }
    const worker = join(temporary, 'package', 'worker');
    placeShims(worker, shims);
    patchSources(worker);
    rmSync(target, { recursive: true, force: true });
    renameSync(worker, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * The package's archive, checked against the lockfile.
 *
 * @param {string} root
 * @param {import('../cache.mjs').Cache} cache
 * @returns {Promise<string>}
 */
async function fetchPackage(root, cache) {
  const { version, integrity } = lockedPackage(root, 'mediasoup');
  const entry = `npm/mediasoup-${version}`;
  const archive = cache.path(entry, `mediasoup-${version}.tgz`);
  if (existsSync(archive) && matchesIntegrity(readFileSync(archive), integrity)) return archive;

  await cache.publish(entry, async (directory) => {
    const result = await npm(['pack', `mediasoup@${version}`, '--pack-destination', directory, '--ignore-scripts'], {
      cwd: root,
      timeoutMs: PACK_TIMEOUT_MS,
    });
    const path = join(directory, `mediasoup-${version}.tgz`);
    if (result.code !== 0 || !existsSync(path)) {
      throw new BootstrapError(
        `mediasoup ${version} could not be fetched with npm: check the network to your npm registry and try again.`,
        lastLines(result.output, 8),
      );
    }
    if (!matchesIntegrity(readFileSync(path), integrity)) {
      throw new BootstrapError(
        `mediasoup ${version} from your npm registry is not the one that package-lock.json pins: ask who runs the registry.`,
      );
    }

    return true;
  });

  return archive;
}

/**
 * @param {string} worker
 * @param {string} shims
 */
function placeShims(worker, shims) {
  const subprojects = join(worker, 'subprojects');
  for (const entry of readdirSync(shims, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const wrap = join(subprojects, `${entry.name}.wrap`);
    const directory = existsSync(wrap) ? wrapDirectory(readFileSync(wrap, 'utf8')) : undefined;
    // A newer mediasoup may have dropped a library; one that it has added shows as Meson's own error.
    if (!directory) continue;
    mkdirSync(join(subprojects, directory), { recursive: true });
    cpSync(join(shims, entry.name), join(subprojects, directory), { recursive: true });
  }
}

/** @param {string} worker */
function patchSources(worker) {
  for (const patch of patches) {
    const path = join(worker, patch.file);
    const text = applyPatch(readFileSync(path, 'utf8'), patch);
    if (text === undefined) {
      throw new BootstrapError(
        `the worker's ${patch.file} has changed in this mediasoup: adapt tools/bootstrap/worker/patches.mjs (${patch.why}).`,
      );
    }
    writeFileSync(path, text);
  }
}
