import { describe, expect, it } from 'vitest';
import { isGood, summarize } from './result.ts';

const result = (stage: string, passed: number, failed: number, skipped = 0) => ({
  stage,
  passed,
  failed,
  skipped,
  tookMs: 1200,
});

describe('the result of npm test', () => {
  it('ends with the sum in the form that CI reads', () => {
    const text = summarize([result('lint', 3, 0), result('unit', 40, 2)]);

    expect(text.split('\n').at(-1)).toBe('43 passed, 2 failed');
    expect(text).toContain('unit  40 passed, 2 failed  (1.2 s)');
  });

  it('names tests that were left out', () => {
    expect(summarize([result('unit', 40, 0, 2)])).toContain('40 passed, 0 failed, 2 skipped');
  });

  it.each([
    [result('unit', 1, 0), true, true],
    [result('unit', 1, 1), false, false],
    [result('unit', 1, 0, 1), false, true],
    [result('unit', 1, 0, 1), true, false],
  ])('%j with CI %s is good: %s', (stage, ci, good) => {
    expect(isGood([stage], ci)).toBe(good);
  });
});
