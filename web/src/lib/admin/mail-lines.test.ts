import { describe, expect, it } from 'vitest';
import { mailLines } from './mail-lines.ts';

describe('a mail of the outbox', () => {
  it('links addresses that stand alone in a line, and nothing else', () => {
    const text =
      'Open this link:\r\n http://localhost:3000/verify#token=abc \njavascript:alert(1)\nsee http://a.example';
    expect(mailLines(text).map((line) => line.href)).toEqual([
      undefined,
      'http://localhost:3000/verify#token=abc',
      undefined,
      undefined,
    ]);
  });
});
