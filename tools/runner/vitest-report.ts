import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The part of vitest's json report that counts. */
const reportSchema = z.object({
  success: z.boolean(),
  numTotalTests: z.int(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts of one vitest run. A run that crashed, left no report, ran nothing, or ended badly although every test passed
 * (an unhandled error, a file that could not be loaded) counts as at least one failure.
 */
export function countTests(reportFile: string, exitCode: number): Counts {
  const report = readReport(reportFile);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };

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
  };
}

function readReport(file: string): z.infer<typeof reportSchema> | undefined {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
