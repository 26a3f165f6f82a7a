import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BootstrapError } from './fail.mjs';
import { fingerprint } from './fingerprint.mjs';
import { lastLines, run } from './run.mjs';

const TIMEOUT_MS = 300_000;
const PARAGLIDE_OPTIONS = [
  'compile',
  ...['--project', './project.inlang'],
  ...['--outdir', './src/lib/paraglide'],
  ...['--strategy', 'localStorage', 'preferredLanguage', 'baseLocale'],
  '--emit-ts-declarations',
];

/**
 * Makes what the web app's sources need before they can be checked or tested: SvelteKit's types and the compiled
 * messages.
 *
 * @param {string} root
 * @param {string} node
 * @param {import('./progress.mjs').Step} step
 * @returns {Promise<void>}
 */
export async function prepareWeb(root, node, step) {
  const web = join(root, 'web');
  if (!existsSync(join(web, 'node_modules', '$app'))) {
    step.note('svelte-kit sync');
    await mustRun(node, [join(root, 'node_modules', '@sveltejs', 'kit', 'svelte-kit.js'), 'sync'], web);
  }

  const compiled = join(web, 'src', 'lib', 'paraglide');
  const messages = fingerprint([join(web, 'messages'), join(web, 'project.inlang', 'settings.json')]);
  await onceFor(stampPath(root, 'messages'), messages, compiled, async () => {
    step.note('compiling the messages');
    const cli = join(root, 'node_modules', '@inlang', 'paraglide-js', 'bin', 'run.js');
    await mustRun(node, [cli, ...PARAGLIDE_OPTIONS], web);
  });
}

/**
 * Builds the web app when anything has changed that it is made from.
 *
 * @param {string} root
 * @param {string} node
 * @param {import('./progress.mjs').Step} step
 * @returns {Promise<void>}
 */
export async function buildWeb(root, node, step) {
  const web = join(root, 'web');
  // Only what people write: what the first build generates beside it would call for a second one.
  const ours = [
    'src',
    'static',
    'messages',
    'project.inlang/settings.json',
    'vite.config.ts',
    'isolate-inputs.ts',
    'package.json',
  ];
  const madeFrom = [
    ...ours.map((name) => join(web, name)),
    join(root, 'contract', 'src'),
    join(root, 'package-lock.json'),
  ];
  const sources = fingerprint(madeFrom, (path) => !path.endsWith('.test.ts') && !path.includes('paraglide'));

  await onceFor(stampPath(root, 'web-build'), sources, join(web, 'build', '200.html'), async () => {
    step.note('vite build');
    await mustRun(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], web);
  });
}

/**
 * Does work unless its result is there and was made from the same sources. The stamp goes before the work begins and
 * comes back after it has succeeded, so interrupted work is done again.
 *
 * @param {string} stamp
 * @param {string} sources
 * @param {string} result
 * @param {() => Promise<void>} work
 */
export async function onceFor(stamp, sources, result, work) {
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string}
 */
function stampPath(root, name) {
  return join(root, 'node_modules', '.cache', 'health-connect', `${name}.stamp`);
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function mustRun(node, args, cwd) {
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}` };
  const result = await run(node, args, { cwd, env, timeoutMs: TIMEOUT_MS });
  if (result.code === 0) return;
  throw new BootstrapError(
    'the web app could not be built: correct what the lines above say, then try again.',
    lastLines(result.output, 30),
  );
}
