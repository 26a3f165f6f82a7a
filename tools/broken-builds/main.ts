import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../bootstrap/places.mjs';
import { BROKEN_BUILDS, type BrokenBuild } from './broken-builds.ts';
import { failedTests } from './failed-tests.ts';

const wanted = process.argv.slice(2);
const chosen = BROKEN_BUILDS.filter(({ gate }) => wanted.length === 0 || wanted.includes(gate));

/** Breaks the build, runs the test and mends the build again, also where this is interrupted. Whether it was noticed. */
async function isNoticed({ file, from, to, test }: BrokenBuild): Promise<boolean> {
  const path = join(projectRoot, file);
  const whole = await readFile(path, 'utf8');
  await writeFile(
    path,
    whole.replace(from, () => to),
  );
  try {
    return (await failedTests(projectRoot, test)).some((name) => name.includes(test.name));
  } finally {
    await writeFile(path, whole);
  }
}

// The test ends by the signal, too: then the build is mended, and no other one is broken.
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

let missed = 0;
for (const build of chosen) {
  if (interrupted.signal.aborted) break;
  const noticed = await isNoticed(build);
  if (!noticed) missed += 1;
  console.log(`${noticed ? 'noticed' : 'MISSED '}  ${build.gate.padEnd(4)} ${build.broken}: ${build.test.name}`);
}
console.log(`\n${chosen.length - missed} of ${chosen.length} broken builds were noticed.`);
process.exitCode = missed === 0 && chosen.length > 0 ? 0 : 1;
if (process.connected) process.disconnect();
