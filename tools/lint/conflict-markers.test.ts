import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
/** Folders of what is installed or made, not written. */
const MADE = new Set(['node_modules', '.git', '.data', '.svelte-kit', 'build', 'coverage', 'output', 'paraglide']);
const TEXT = /\.(ts|mjs|cjs|js|svelte|json|md|css|html|ya?ml|txt|sh)$|(^|\/)(Dockerfile|\.[a-z]+ignore)$/;
/** How Git marks the two sides of a conflict. A line of equal signs alone may also be a heading. */
const MARKER = /^(<{7}|>{7}|\|{7}) /m;

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !MADE.has(entry.name)) yield* filesIn(path);
    else if (entry.isFile() && TEXT.test(path)) yield path;
  }
}

const unmerged = (folder: string): string[] =>
  [...filesIn(folder)].filter((path) => MARKER.test(readFileSync(path, 'utf8')));

describe('marks of a merge that was not finished', () => {
  it('are in no file', () => {
    expect(unmerged(root)).toEqual([]);
  });

  it('are found where they are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'health-connect-markers-'));
    const path = join(folder, 'notes.md');
    writeFileSync(path, `# Notes\n${'<'.repeat(7)} HEAD\none\n=======\ntwo\n${'>'.repeat(7)} branch\n`);
    expect(unmerged(folder)).toEqual([path]);
    rmSync(folder, { recursive: true });
  });
});
