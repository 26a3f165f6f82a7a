import { spawnSync } from 'node:child_process';
import type { Stack } from './stack.ts';

/** All processes that belong to a stack: they all carry its data folder in their environment. */
export function processesOf(dataDir: string): number[] {
  const listed = spawnSync('sh', ['-c', `grep -lsa "${dataDir}" /proc/[0-9]*/environ`], { encoding: 'utf8' });
  return listed.stdout
    .split('\n')
    .map((path) => Number(path.split('/')[2]))
    .filter((pid) => Number.isInteger(pid) && pid > 0 && pid !== process.pid);
}

const commandLine = (pid: number): string =>
  spawnSync('cat', [`/proc/${pid}/cmdline`], { encoding: 'utf8' }).stdout.replaceAll('\0', ' ');

/** One of the servers of a stack. @throws RangeError when it does not run */
export function serverOf(stack: Stack, name: 'api' | 'media-server'): number {
  const found = processesOf(stack.dataDir).find((pid) => commandLine(pid).includes(`${name}/src/main.ts`));
  if (found === undefined) throw new RangeError(`${name} does not run`);
  return found;
}
