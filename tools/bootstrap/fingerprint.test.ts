import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.mjs';

describe('fingerprint', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fingerprint-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src', 'a.ts'), 'a');
    writeFileSync(join(folder, 'src', 'b.ts'), 'b');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stays the same for the same content', () => {
    expect(fingerprint([folder])).toBe(fingerprint([folder]));
    expect(fingerprint([folder])).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a changed file', () => writeFileSync(join(folder, 'src', 'a.ts'), 'c')],
    ['a new file', () => writeFileSync(join(folder, 'src', 'c.ts'), '')],
    ['a file that has gone', () => rmSync(join(folder, 'src', 'b.ts'))],
    [
      'content that moved from one file to the next',
      () => {
        writeFileSync(join(folder, 'src', 'a.ts'), '');
        writeFileSync(join(folder, 'src', 'b.ts'), 'ab');
      },
    ],
  ])('notices %s', (_name, change) => {
    const before = fingerprint([folder]);
    change();

    expect(fingerprint([folder])).not.toBe(before);
  });

  it('leaves out what is made and what is not accepted', () => {
    const accept = (path: string): boolean => !path.endsWith('.test.ts');
    const before = fingerprint([folder], accept);
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', 'x.js'), 'x');
    writeFileSync(join(folder, 'src', 'a.test.ts'), 'x');

    expect(fingerprint([folder], accept)).toBe(before);
  });

  it('takes a folder that is not there for an empty one', () => {
    expect(fingerprint([join(folder, 'nowhere')])).toBe(fingerprint([]));
  });
});
