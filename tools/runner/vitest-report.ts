import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';

/** The part of vitest's json report that counts. */
const reportSchema = z.object({
  success: z.boolean(),
  numTotalTests: z.int(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

type Report = z.infer<typeof reportSchema>;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failure: file, test, and the first line of what went wrong. */
  readonly failures: readonly string[];
}

/**
 * Counts of one vitest run. A run that crashed, left no report, ran nothing, or ended badly although every test passed
 * (an unhandled error, a file that could not be loaded) counts as at least one failure.
 */
export function countTests(reportFile: string, exitCode: number): Counts {
  const report = readReport(reportFile);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0, failures: [] };

  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + brokenFiles;
  const bad = exitCode !== 0 || !report.success || passed + failed === 0;
  return {
    passed,
    failed: bad ? Math.max(failed, 1) : failed,
    skipped: report.numTotalTests - passed - report.numFailedTests,
    failures: failuresOf(report),
  };
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    if (status === 'failed' && assertionResults.length === 0) return [`${file}: ${firstLine(message)}`];
    return assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages?.[0] ?? '')}`);
  });
}

function readReport(file: string): Report | undefined {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
