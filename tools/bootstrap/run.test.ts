import { describe, expect, it } from 'vitest';
import { lastLines, run } from './run.mjs';

const node = (script: string, options = {}) => run(process.execPath, ['--eval', script], options);

describe('running a program', () => {
  it('answers the exit code and the lines of both streams', async () => {
    const lines: string[] = [];
    const result = await node(
      `console.log('a'); console.error('b'); process.stdout.write('50 %\\r100 %'); process.exitCode = 3`,
      {
        onLine: (line: string) => lines.push(line),
      },
    );

    expect(result.code).toBe(3);
    expect(lines.toSorted()).toEqual(['100 %', '50 %', 'a', 'b']);
    expect(result.output.split('\n').toSorted()).toEqual(['100 %', '50 %', 'a', 'b']);
  });

  it('answers 127 for a program that is not there', async () => {
    expect(await run('/nowhere/program', [])).toMatchObject({
      code: 127,
      output: expect.stringContaining('ENOENT') as string,
    });
  });

  it('ends a program whose time is over', async () => {
    expect(await node('setInterval(() => {}, 1000)', { timeoutMs: 300 })).toMatchObject({ code: 124 });
  });

  it('keeps the end of a long output', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc');
  });
});
