import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countTests } from './vitest-report.ts';

describe('the counts of a vitest run', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    file = join(folder, 'report.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(passed: number, failed: number, total: number, more: object = {}): void {
    const report = {
      ...{
        success: failed === 0,
        numTotalTests: total,
        numPassedTests: passed,
        numFailedTests: failed,
        numFailedTestSuites: 0,
      },
      ...{ testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [] }], ...more },
    };
    writeFileSync(file, JSON.stringify(report));
  }

  it('are the report’s', () => {
    write(5, 2, 8);
    expect(countTests(file, 1)).toMatchObject({ passed: 5, failed: 2, skipped: 1 });
  });

  it('are all good when it ended well', () => {
    write(5, 0, 5);
    expect(countTests(file, 0)).toMatchObject({ passed: 5, failed: 0, skipped: 0 });
  });

  it('hold a failure when vitest ended badly although every test passed', () => {
    write(5, 0, 5);
    expect(countTests(file, 1)).toMatchObject({ passed: 5, failed: 1, skipped: 0 });
  });

  it('name each failure by its file, its test and the first line of its message', () => {
    const test = (status: string, ...failureMessages: string[]) => ({
      status,
      fullName: 'A day ends',
      failureMessages,
    });
    const ended = [test('passed'), test('failed', 'expected 1 to be 2\n  at a.test.ts:3')];
    const broken = { name: join(process.cwd(), 'b.test.ts'), status: 'failed', message: 'No such file\n  at b' };
    const files = [
      { name: join(process.cwd(), 'a.test.ts'), status: 'failed', assertionResults: ended },
      { ...broken, assertionResults: [] },
    ];
    write(1, 1, 2, { testResults: files });
    expect(countTests(file, 1).failures).toEqual([
      'a.test.ts: A day ends: expected 1 to be 2',
      'b.test.ts: No such file',
    ]);
  });

  it('hold a failure for each file that could not be loaded', () => {
    write(5, 0, 5, { success: false, testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }] });
    expect(countTests(file, 1)).toMatchObject({ passed: 5, failed: 1, skipped: 0 });
  });

  it('are a failure when nothing ran', () => {
    write(0, 0, 0);
    expect(countTests(file, 0)).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });

  it('are a failure when there is no report', () => {
    expect(countTests(join(folder, 'nowhere.json'), 0)).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });
});
