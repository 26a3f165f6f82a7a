import { describe, expect, it } from 'vitest';
import { isGood, summarize, withSkippedAsFailed } from './result.ts';

const result = (stage: string, passed: number, failed: number, skipped = 0) => ({
  stage,
  passed,
  failed,
  skipped,
  failures: failed === 0 ? [] : [`${stage}.test.ts: is whole: expected 1 to be 2`],
  tookMs: 1200,
});

describe('the result of npm test', () => {
  it('ends with the sum in the form that CI reads', () => {
    const text = summarize([result('lint', 3, 0), result('unit', 40, 2)]);

    expect(text.split('\n').at(-1)).toBe('43 passed, 2 failed');
    expect(text).toContain('unit  40 passed, 2 failed  (1.2 s)');
  });

  it('says once more what failed, where the end of a long log shows it', () => {
    const text = summarize([result('lint', 3, 0), result('unit', 40, 2)]);

    expect(text.split('\n')[1]).toBe('failed  unit.test.ts: is whole: expected 1 to be 2');
    expect(summarize([result('lint', 3, 0)])).not.toContain('\nfailed  ');
  });

  it('names tests that were left out', () => {
    expect(summarize([result('unit', 40, 0, 2)])).toContain('40 passed, 0 failed, 2 skipped');
  });

  it('is good when nothing failed; a test that was left out fails where that counts', () => {
    expect(isGood([result('lint', 1, 0), result('unit', 1, 0, 1)])).toBe(true);
    expect(isGood([result('lint', 1, 0), result('unit', 1, 1)])).toBe(false);
    expect(isGood([withSkippedAsFailed(result('unit', 1, 0, 1))])).toBe(false);
    expect(summarize([withSkippedAsFailed(result('unit', 4, 0, 2))])).toContain('4 passed, 2 failed');
  });
});
