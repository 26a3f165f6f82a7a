/** What one stage of `npm test` has found. */
export interface StageResult {
  readonly stage: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each thing that failed. */
  readonly failures: readonly string[];
  /** Wall time in milliseconds. */
  readonly tookMs: number;
}

/** Whether the run as a whole is good: nothing failed. */
export function isGood(results: readonly StageResult[]): boolean {
  return results.every(({ failed }) => failed === 0);
}

/** The same result where what was left out counts as failed. */
export function withSkippedAsFailed(result: StageResult): StageResult {
  return { ...result, failed: result.failed + result.skipped, skipped: 0 };
}

/** What failed, one line for each stage, then the sum in the form that CI reads: `N passed, N failed`. */
export function summarize(results: readonly StageResult[]): string {
  const sum = (pick: (result: StageResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const width = Math.max(...results.map(({ stage }) => stage.length));
  const lines = results.map(({ stage, passed, failed, skipped, tookMs }) => {
    const left = skipped > 0 ? `, ${skipped} skipped` : '';
    return `${stage.padEnd(width)}  ${passed} passed, ${failed} failed${left}  (${(tookMs / 1000).toFixed(1)} s)`;
  });
  const failures = results.flatMap(({ failures: ofStage }) => ofStage).map((failure) => `failed  ${failure}`);
  if (failures.length > 0) failures.unshift('');
  return [
    ...failures,
    '',
    ...lines,
    '',
    `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`,
  ].join('\n');
}
