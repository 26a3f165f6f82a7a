import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'web', 'src');
const sources = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:ts|svelte|html)$/.test(path) && !/\.test\.ts$|paraglide|testing/.test(path))
  .map((path) => readFileSync(join(source, path), 'utf8'));
const [, page = ''] = readFileSync(join(root, 'docs', 'security.md'), 'utf8').split('## What a browser keeps');
const table = page.slice(0, page.indexOf('\n## '));

/** A name of ours in quotes, up to what is filled in. */
const KEY = /['"`](hc\.[a-z-]+)/g;
const keysIn = (text: string): string[] => [...text.matchAll(KEY)].map(([, key]) => key ?? '');
const used = new Set(sources.flatMap(keysIn));
const documented = new Set(keysIn(table));

describe('what a browser keeps', () => {
  it('stands in the document, each key of it', () => {
    expect([...used].filter((key) => !documented.has(key))).toEqual([]);
  });

  it('is there, each key that the document names', () => {
    expect(used.size).toBeGreaterThan(8);
    expect([...documented].filter((key) => !used.has(key))).toEqual([]);
  });
});
