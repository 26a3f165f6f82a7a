import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { BrokenBuild } from './broken-builds.ts';

const reportSchema = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

/**
 * Runs some tests and tells the whole names of those that failed. A file that could not be run at all has none.
 * @throws Error when they were not run to their end
 */
export async function failedTests(root: string, { project, file, name }: BrokenBuild['test']): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'health-connect-broken-'));
  const report = join(folder, 'report.json');
  const pattern = name.replaceAll(/[^\w ]/g, '.');
  const args = ['run', file, '--project', project, '-t', pattern, '--reporter=json', `--outputFile.json=${report}`];
  try {
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    // An interruption reaches it as well: then it ends, and the build is mended.
    await once(spawn(process.execPath, [vitest, ...args], { cwd: root, stdio: 'ignore' }), 'exit');
    const { testResults } = reportSchema.parse(JSON.parse(await readFile(report, 'utf8')));
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    return all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
