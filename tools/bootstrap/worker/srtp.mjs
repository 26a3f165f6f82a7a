import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { readDistribution } from '../distribution.mjs';
import { run } from '../run.mjs';
import { sourceEntries } from './apt-sources.mjs';

const UPDATE_TIMEOUT_MS = 60_000;
const DOWNLOAD_TIMEOUT_MS = 60_000;
const BUILD_TIMEOUT_MS = 300_000;

/**
 * Builds the distribution's own libsrtp 2 source with OpenSSL and installs it below `target`. Debian's binary package
 * uses NSS, which takes more processor time for each media packet. The system's package sources stay as they are: apt
 * gets a private configuration.
 *
 * @param {string} target
 * @param {import('../cache.mjs').Cache} cache
 * @param {import('../progress.mjs').Step} step
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} why it could not be had; undefined when it is there
 */
export async function buildSrtpWithOpenssl(target, cache, step, env) {
  if (existsSync(join(target, 'lib', 'pkgconfig', 'libsrtp2.pc'))) return undefined;
  const entries = sourceEntries(readAptSources('/etc/apt'), readDistribution().codename);
  if (entries.length === 0) return 'no Debian package source is configured';

  const temporary = cache.temporaryDirectory();
  try {
    step.note('fetching the source of libsrtp');
    const source = await fetchSource(temporary, entries);
    if (!source) return 'its source package cannot be fetched';
    step.note('building libsrtp with OpenSSL');

    return (await build(source, target, env)) ? undefined : 'its source does not build here';
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {string} directory
 * @returns {{ name: string, text: string }[]}
 */
function readAptSources(directory) {
  const parts = join(directory, 'sources.list.d');
  const files = [
    join(directory, 'sources.list'),
    ...(existsSync(parts)
      ? readdirSync(parts)
          .sort()
          .map((name) => join(parts, name))
      : []),
  ];

  return files
    .filter((path) => existsSync(path) && /(\.list|\.sources)$/.test(path))
    .map((path) => ({ name: path, text: readFileSync(path, 'utf8') }));
}

/**
 * @param {string} directory
 * @param {readonly string[]} entries
 * @returns {Promise<string | undefined>} the unpacked source
 */
async function fetchSource(directory, entries) {
  const list = join(directory, 'sources.list');
  writeFileSync(list, `${entries.join('\n')}\n`);
  for (const name of ['lists/partial', 'cache/archives/partial', 'source']) {
    mkdirSync(join(directory, name), { recursive: true });
  }
  const options = [
    `Dir::Etc::SourceList=${list}`,
    'Dir::Etc::SourceParts=-',
    `Dir::State::Lists=${join(directory, 'lists')}`,
    `Dir::Cache=${join(directory, 'cache')}`,
    'Acquire::Retries=1',
    'Acquire::http::Timeout=10',
    'Acquire::https::Timeout=10',
    // The unprivileged download user may not enter our folder.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);

  // One unreachable source among several is no reason to give up: what counts is whether the next step finds it.
  await run('apt-get', [...options, 'update'], { timeoutMs: UPDATE_TIMEOUT_MS });
  const cwd = join(directory, 'source');
  const fetched = await run('apt-get', [...options, 'source', 'libsrtp2'], { cwd, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  if (fetched.code !== 0) return undefined;
  const unpacked = readdirSync(cwd, { withFileTypes: true }).find((entry) => entry.isDirectory());

  return unpacked ? join(cwd, unpacked.name) : undefined;
}

/**
 * @param {string} source
 * @param {string} target
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<boolean>}
 */
async function build(source, target, env) {
  const stage = `${source}.installed`;
  const options = { cwd: source, timeoutMs: BUILD_TIMEOUT_MS, env: { ...env, CFLAGS: '-O3 -fPIC' } };
  const steps = [
    ['./configure', '--enable-openssl', `--prefix=${target}`],
    ['make', '-j', String(cpus().length), 'libsrtp2.a'],
    ['make', 'install', `DESTDIR=${stage}`],
  ];
  for (const [command = '', ...args] of steps) {
    const result = await run(command, args, options);
    if (result.code !== 0) return false;
  }
  mkdirSync(dirname(target), { recursive: true });
  renameSync(join(stage, target), target);

  return true;
}
