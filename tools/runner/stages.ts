import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './command.ts';
import type { StageResult } from './result.ts';
import { countTests, type Counts } from './vitest-report.ts';

/** What `npm test` runs. */
export const STAGES = ['lint', 'check', 'unit', 'integration', 'e2e'] as const;
/** What is asked for by name only: fault injection takes its time. */
export const OTHER_STAGES = ['fault'] as const;
export type Stage = (typeof STAGES)[number] | (typeof OTHER_STAGES)[number];

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** Folder below the root. */
  readonly cwd?: string;
}

const modules = (...parts: string[]): string => join('node_modules', ...parts);
/** Folders with sources whose imports are checked; those that are not there yet are left out. */
const IMPORTING = ['contract', 'api', 'media-server', 'turn', 'web/src', 'e2e', 'bench', 'tools'];

function lintChecks(root: string): Check[] {
  const cruised = IMPORTING.filter((folder) => existsSync(join(root, folder)));
  return [
    // No cache: a rule that uses types depends on more than the file that it looks at.
    { name: 'eslint', args: [modules('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.'] },
    {
      name: 'dependency-cruiser',
      args: [
        modules('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        ...cruised,
      ],
    },
    { name: 'prettier', args: [modules('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  ];
}

const typeChecks: readonly Check[] = [
  { name: 'tsc', args: [modules('@typescript', 'native', 'bin', 'tsc'), '-p', '.'] },
  {
    name: 'svelte-check',
    args: [join('..', modules('svelte-check', 'bin', 'svelte-check')), '--fail-on-warnings', '--output', 'human'],
    cwd: 'web',
  },
];

/** Vitest's projects of each stage; see vitest.config.ts. */
const projects = { unit: ['unit', 'web'], integration: ['integration'], e2e: ['e2e'], fault: ['fault'] } as const;

/** Runs one stage to its end, whatever it finds. */
export async function runStage(root: string, stage: Stage): Promise<StageResult> {
  const startedAt = performance.now();
  const counts = await count(root, stage);
  return { stage, ...counts, tookMs: performance.now() - startedAt };
}

async function count(root: string, stage: Stage): Promise<Counts> {
  switch (stage) {
    case 'lint':
      return runChecks(root, lintChecks(root));
    case 'check':
      return runChecks(root, typeChecks);
    case 'unit':
    case 'integration':
    case 'e2e':
    case 'fault':
      return runVitest(root, projects[stage]);
  }
}

async function runChecks(root: string, checks: readonly Check[]): Promise<Counts> {
  let passed = 0;
  const failures: string[] = [];
  for (const { name, args, cwd = '.' } of checks) {
    console.log(`- ${name}`);
    if ((await runNode(args, join(root, cwd))) === 0) passed += 1;
    else failures.push(name);
  }
  return { passed, failed: failures.length, skipped: 0, failures };
}

async function runVitest(root: string, names: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'health-connect-report-'));
  const report = join(folder, 'report.json');
  try {
    const selected = names.flatMap((name) => ['--project', name]);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runNode([modules('vitest', 'vitest.mjs'), 'run', ...selected, ...reporters], root);
    return countTests(report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
