/** What one stage of `npm test` has found. */
export interface StageResult {
  readonly stage: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Wall time in milliseconds. */
  readonly tookMs: number;
}

/**
 * Whether the run as a whole is good: nothing failed and, where nobody looks at the summary (CI), nothing was left out.
 */
export function isGood(results: readonly StageResult[], skippingCounts: boolean): boolean {
  return results.every(({ failed, skipped }) => failed === 0 && (skipped === 0 || !skippingCounts));
}

/** One line for each stage, then the sum in the form that CI reads: `N passed, N failed`. */
export function summarize(results: readonly StageResult[]): string {
  const sum = (pick: (result: StageResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const width = Math.max(...results.map(({ stage }) => stage.length));
  const lines = results.map(({ stage, passed, failed, skipped, tookMs }) => {
    const left = skipped > 0 ? `, ${skipped} skipped` : '';
    return `${stage.padEnd(width)}  ${passed} passed, ${failed} failed${left}  (${(tookMs / 1000).toFixed(1)} s)`;
  });
  return ['', ...lines, '', `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`].join('\n');
}
