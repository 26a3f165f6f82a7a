import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackages } from '../apt.mjs';
import { BootstrapError } from '../fail.mjs';
import { lastLines, run } from '../run.mjs';
import { workerRuns } from './binary.mjs';
import { layOutWorkerSource } from './source.mjs';
import { buildSrtpWithOpenssl } from './srtp.mjs';

/** What the compilation needs from Debian or Ubuntu. */
export const BUILD_PACKAGES = [
  'meson',
  'ninja-build',
  'pkg-config',
  'g++',
  'make',
  'dpkg-dev',
  'python3',
  'flatbuffers-compiler',
  'libssl-dev',
  'libuv1-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
];
const SETUP_TIMEOUT_MS = 180_000;
const COMPILE_TIMEOUT_MS = 3_600_000;

/**
 * Compiles the worker with the distribution's libraries and puts it into `directory`. The build folder stays when the
 * work is interrupted, so that the next start goes on where this one stopped.
 *
 * @param {object} options
 * @param {string} options.directory where the binary goes
 * @param {string} options.buildDirectory kept between attempts
 * @param {string} options.root
 * @param {string} options.shims
 * @param {import('../cache.mjs').Cache} options.cache
 * @param {import('../progress.mjs').Step} options.step
 * @returns {Promise<void>}
 */
export async function compileWorker({ directory, buildDirectory, root, shims, cache, step }) {
  const source = join(buildDirectory, 'worker');
  const output = join(buildDirectory, 'out');
  const prepared = join(buildDirectory, 'prepared');
  const srtp = join(buildDirectory, 'srtp');
  const env = buildEnvironment(srtp);

  await ensureDebianPackages(BUILD_PACKAGES, step);
  if (!existsSync(prepared)) {
    rmSync(buildDirectory, { recursive: true, force: true });
    mkdirSync(buildDirectory, { recursive: true });
    step.note('fetching the source of mediasoup');
    await layOutWorkerSource(source, { root, shims, cache });
    const srtpProblem = await buildSrtpWithOpenssl(srtp, cache, step, env);
    if (srtpProblem) step.say(`uses the distribution's libsrtp (${srtpProblem}): works, with more processor time`);
    step.note('configuring');
    await mustRun('meson', mesonArguments(source, output), SETUP_TIMEOUT_MS, env);
    writeFileSync(join(buildDirectory, 'libsrtp.txt'), srtpProblem ? 'distribution' : 'OpenSSL');
    writeFileSync(prepared, '');
  }

  await compile(output, env, step);
  const binary = join(output, 'mediasoup-worker');
  if (!(await workerRuns(binary))) {
    throw new BootstrapError(
      `the compiled mediasoup worker does not run: report this with the folder ${buildDirectory}.`,
    );
  }
  copyFileSync(binary, join(directory, 'mediasoup-worker'));
  chmodSync(join(directory, 'mediasoup-worker'), 0o755);
  copyFileSync(join(buildDirectory, 'libsrtp.txt'), join(directory, 'libsrtp.txt'));
  await run('strip', ['--strip-debug', join(directory, 'mediasoup-worker')]);
}

/**
 * A compiler that somebody has set for other work must not change what the cache key promises.
 *
 * @param {string} srtp
 * @returns {NodeJS.ProcessEnv}
 */
function buildEnvironment(srtp) {
  const env = { ...process.env };
  for (const name of ['CC', 'CXX', 'CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'LDFLAGS', 'PYTHONPATH', 'MESON_ARGS'])
    delete env[name];

  return {
    ...env,
    LC_ALL: 'C.UTF-8',
    PATH: `/usr/bin:/bin:${process.env['PATH'] ?? ''}`,
    PKG_CONFIG_PATH: join(srtp, 'lib', 'pkgconfig'),
  };
}

/**
 * @param {string} source
 * @param {string} output
 */
function mesonArguments(source, output) {
  return ['setup', '--buildtype', 'release', '-Db_ndebug=true', '--wrap-mode=nodownload', output, source];
}

/**
 * @param {string} output
 * @param {NodeJS.ProcessEnv} env
 * @param {import('../progress.mjs').Step} step
 */
async function compile(output, env, step) {
  const args = ['-n', '5', 'ninja', '-C', output, '-j', String(Math.max(1, cpus().length)), 'mediasoup-worker'];
  const result = await run('nice', args, {
    env: { ...env, NINJA_STATUS: '[%f/%t] ' },
    timeoutMs: COMPILE_TIMEOUT_MS,
    onLine: (line) => {
      const count = /^\[(\d+\/\d+)\]/.exec(line)?.[1];
      if (count) step.note(`compiling ${count} (a few minutes, once)`);
    },
  });
  if (result.code === 0) return;
  throw new BootstrapError(
    'the mediasoup worker could not be compiled: free some memory and disk space and try again, or set MEDIASOUP_WORKER_BIN to a worker that you have.',
    lastLines(result.output, 25),
  );
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} timeoutMs
 * @param {NodeJS.ProcessEnv} env
 */
async function mustRun(command, args, timeoutMs, env) {
  const result = await run(command, args, { timeoutMs, env });
  if (result.code === 0) return;
  throw new BootstrapError(
    `the build of the mediasoup worker could not be configured (${command}): set MEDIASOUP_WORKER_BIN to a worker that you have, or report the lines above.`,
    lastLines(result.output, 25),
  );
}
