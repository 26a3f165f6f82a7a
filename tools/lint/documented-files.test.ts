import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docker/README.md',
  'tools/worker-shims/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const PARTS = ['api', 'bench', 'contract', 'docker', 'docs', 'e2e', 'media-server', 'tools', 'turn', 'web'];
const NOT_OURS = /(?:^|\/)(?:node_modules|build|\.svelte-kit|output|paraglide)(?:\/|$)/;

/** Every file and folder of the project, from its root. */
const paths = PARTS.flatMap((part) =>
  readdirSync(join(root, part), { recursive: true, encoding: 'utf8' }).map((path) => `${part}/${path}`),
).filter((path) => !NOT_OURS.test(path));
const known = new Set([...paths, ...PARTS, ...readdirSync(root)]);
const names = new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1)));

/** A source file, wherever it is named, or a path into a part of the project, in backticks or as a link. */
const FILE = /(?<![\w<>/.{}*+-])(?:[\w.-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:ts|mjs|cjs|svelte)(?![\w/.])/g;
const QUOTED = /`([^`\s]+)`|\]\((?!https?:|#)([^)\s#]+)/g;
/** Stands for any name. */
const PLACEHOLDER = /[<>*…]|^x\./;

/** `a/{b,c}.json` names two. */
function spelledOut(path: string): string[] {
  const choice = /\{([^{}]+)\}/.exec(path);
  if (choice === null) return [path];
  return (choice[1] ?? '').split(',').flatMap((word) => spelledOut(path.replace(choice[0], word)));
}

/** What a page names that has to be there. */
function namedIn(text: string): string[] {
  const quoted = [...text.matchAll(QUOTED)].map(([, word, link]) => word ?? link ?? '');
  const inside = quoted.filter((word) => PARTS.some((part) => word.startsWith(`${part}/`)) || /\.\w{2,6}$/.test(word));
  const ours = inside.filter(
    (word) => !/^(?:[./]|https?:|\w+\()/.test(word) && /\/|\.(?:ts|mjs|cjs|svelte)$/.test(word),
  );
  const files = [...text.matchAll(FILE)].map(([file]) => file);
  const all = [...ours, ...files].filter((word) => !PLACEHOLDER.test(word) && !NOT_OURS.test(word));
  return [...new Set(all.flatMap(spelledOut).map((word) => word.replace(/[/:]+$/, '')))];
}

/** From the root, from the page, or by its name alone; a path of a part may begin within `src`. */
function isThere(path: string, page: string): boolean {
  if (known.has(path) || existsSync(join(root, dirname(page), path))) return true;
  return path.includes('/') ? paths.some((candidate) => candidate.endsWith(`/${path}`)) : names.has(path);
}

const missingIn = (text: string, page: string): string[] => namedIn(text).filter((path) => !isThere(path, page));

describe('what the documents name is there', () => {
  it('in every one of them', () => {
    for (const page of PAGES) expect.soft(missingIn(readFileSync(join(root, page), 'utf8'), page), page).toEqual([]);
  });

  it('and many names are looked for', () => {
    const count = (page: string) => namedIn(readFileSync(join(root, page), 'utf8')).length;
    expect(count('ARCHITECTURE.md')).toBeGreaterThan(30);
    expect(count('docs/security.md')).toBeGreaterThan(20);
  });

  it.each([
    'See nowhere.integration.test.ts for it.',
    '`nowhere.integration.test.ts`',
    '(`api/src/accounts/nowhere.ts`)',
    'in `api/src/nowhere`',
    '[this page](docs/nowhere.md)',
    '`web/messages/{en,xx}.json`',
  ])('sees that there is not: %s', (text) => {
    expect(missingIn(text, 'README.md')).toHaveLength(1);
  });

  it.each([
    '`api/src/main.ts`, `x.routes.ts`, `api/src/<feature>/<feature>.routes.ts`',
    '`web/messages/{en,de,ar}.json` and `tools/bootstrap`, `/api/openapi.json`, `.data/demo-accounts.json`',
    '[data](docs/data.md#reports-read-from-secondaries), documented-files.test.ts',
  ])('takes %s', (text) => {
    expect(missingIn(text, 'README.md')).toEqual([]);
  });
});
