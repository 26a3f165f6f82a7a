import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locales } from '#lib/paraglide/runtime.js';

const root = join(import.meta.dirname, '../../..');
type Catalogue = Record<string, unknown>;

function catalogue(locale: string): Catalogue {
  const { $schema: _schema, ...messages } = JSON.parse(
    readFileSync(join(root, 'messages', `${locale}.json`), 'utf8'),
  ) as Catalogue;
  return messages;
}

/** Every text of a message: one, or one per plural form. */
function textsOf(message: unknown): string[] {
  if (typeof message === 'string') return [message];
  if (!Array.isArray(message)) throw new TypeError('Neither a text nor plural forms');
  return message.flatMap((variant: { match: Record<string, string> }) => Object.values(variant.match));
}

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name) && !entry.parentPath.includes('paraglide'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const base = catalogue('en');
const others = locales.filter((locale) => locale !== 'en');

describe('message catalogues', () => {
  it.each(others)('%s has exactly the messages of the base', (locale) => {
    expect(Object.keys(catalogue(locale)).sort()).toEqual(Object.keys(base).sort());
  });

  it.each(others)('%s fills in the same placeholders, in every plural form', (locale) => {
    const translated = catalogue(locale);
    for (const [id, message] of Object.entries(base)) {
      const wanted = [...new Set(textsOf(message).flatMap(placeholders))].sort();
      for (const text of textsOf(translated[id])) expect([id, placeholders(text)]).toEqual([id, wanted]);
    }
  });

  it.each(locales)('%s has no empty text', (locale) => {
    for (const [id, message] of Object.entries(catalogue(locale))) {
      for (const text of textsOf(message)) expect([id, text.trim()]).not.toEqual([id, '']);
    }
  });

  it.each(locales)('%s has no character that nobody sees, such as a soft hyphen', (locale) => {
    for (const [id, message] of Object.entries(catalogue(locale))) {
      for (const text of textsOf(message)) expect([id, text.match(/\p{Cf}/gu)]).toEqual([id, null]);
    }
  });

  it('has a plural form for every category of its language', () => {
    for (const locale of locales) {
      const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      for (const message of Object.values(catalogue(locale)).filter(Array.isArray)) {
        const forms = Object.keys((message[0] as { match: object }).match).map((key) => key.split('=')[1]);
        // Where a form is missing, the id of the message is shown.
        expect(categories.filter((category) => !forms.includes(category))).toEqual([]);
      }
    }
  });

  it('holds only messages that something shows', () => {
    const code = sources(join(root, 'src')).join('\n');
    const unused = Object.keys(base).filter((id) => !code.includes(`'${id}'`) && !id.startsWith('more.'));
    expect(unused).toEqual([]);
  });

  it('keeps sentences for people short: at most 16 words', () => {
    for (const [id, message] of Object.entries(base)) {
      for (const sentence of textsOf(message).flatMap((text) => text.split(/[.!?](?:\s|$)/))) {
        expect([id, sentence.split(/\s+/).filter(Boolean).length <= 16]).toEqual([id, true]);
      }
    }
  });
});
