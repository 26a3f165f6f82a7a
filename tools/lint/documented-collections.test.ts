import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'api', 'src');
const models = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.model.ts'))
  .map((path) => readFileSync(join(source, path), 'utf8'));
const page = readFileSync(join(root, 'docs', 'data.md'), 'utf8');

/** Where a model says what its collection is called; both queues are of one schema. */
const COLLECTION = /collection(?:: |', )'([\w.]+)'|itemSchema\('(\w+)'\)/g;
const FIELD = /^\s+(\w+)\??[:,]/gm;
const collections = new Set(
  models.flatMap((text) => [...text.matchAll(COLLECTION)].map(([, name, queue]) => name ?? queue ?? '')),
);
const fields = new Set(models.flatMap((text) => [...text.matchAll(FIELD)].map(([, name]) => name ?? '')));
/** What MongoDB calls its own things. */
const OF_MONGODB = [
  '_id',
  'changeStreamPreAndPostImages',
  'hidden',
  'lsid',
  'read',
  'secondaryPreferred',
  'txnNumber',
] as const;

/** Words in backticks that name a collection, a field, or a field of a collection. */
const namedIn = (text: string): string[] =>
  [...text.matchAll(/`([a-z_]\w*(?:\.[a-zA-Z]\w*)?)`/g)].map(([, name]) => name ?? '');

function isThere(name: string): boolean {
  const [first = '', second] = name.split('.');
  if (second !== undefined) return collections.has(first) && fields.has(second);
  return collections.has(first) || fields.has(first) || OF_MONGODB.some((word) => word === first);
}

const missingIn = (text: string): string[] => namedIn(text).filter((name) => !isThere(name));

describe('the page on data that grows', () => {
  it('names collections and fields that there are', () => {
    expect(missingIn(page)).toEqual([]);
  });

  it('names many, and all that is said to be of MongoDB', () => {
    const named = namedIn(page);
    expect(named.filter((name) => collections.has(name)).length).toBeGreaterThan(20);
    expect(OF_MONGODB.filter((word) => !named.includes(word))).toEqual([]);
  });

  it.each(['`queue`', '`nowhere` and `mails`', '`nowhere.passwordHash`', '`accounts.nowhere`'])(
    'sees that there is not: %s',
    (text) => {
      expect(missingIn(text)).toHaveLength(1);
    },
  );

  it.each(['`mails`, `account_requests`', '`appointments_archive`', '`accounts.passwordHash`'])('takes %s', (text) => {
    expect(missingIn(text)).toEqual([]);
  });
});
