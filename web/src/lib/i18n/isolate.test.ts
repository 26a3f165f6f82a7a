import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { m } from '#lib/paraglide/messages.js';
import { getLocale, overwriteGetLocale, type Locale } from '#lib/paraglide/runtime.js';
import { formatList } from './format.ts';
import { isolateInLtr, isolateInRtl } from './isolate.ts';

const [FSI, PDI] = ['\u2068', '\u2069'];
const DOCTOR = 'Dr. Clara Hoffmann';
/** The title keeps to the name at the end of a line. */
const DOCTOR_IN_RTL = 'Dr.\u00a0Clara Hoffmann';
const AMINA = 'د. أمينة حداد';

type Values = Readonly<Record<string, string>>;
/** Messages as they are compiled. */
const compiled = z
  .record(
    z.string(),
    z.custom<(values: Values, options: { readonly locale: Locale }) => string>((value) => typeof value === 'function'),
  )
  .parse({ ...m });
/** Messages as they are written: one text, or one for each plural form. */
const formsSchema = z.object({ declarations: z.array(z.string()), match: z.record(z.string(), z.string()) });
const writtenSchema = z.record(z.string(), z.union([z.string(), z.tuple([formsSchema])]));
type Written = z.infer<typeof writtenSchema>[string];

/** One of every plural form of any language. */
const COUNTS = [0, 1, 2, 3, 11, 100];

const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** Every message of a language that words are filled into. */
function filledIn(locale: Locale): [id: string, message: Written][] {
  const path = join(import.meta.dirname, '../../../messages', `${locale}.json`);
  const messages = Object.entries(writtenSchema.parse(JSON.parse(readFileSync(path, 'utf8'))));
  return messages.filter(([, message]) => namesIn(JSON.stringify(message)).length > 0);
}

/** The text of a message at a count, the input that is counted, and what the message makes itself, such as a number. */
function textAt(message: Written, count: number, locale: Locale) {
  if (typeof message === 'string') return { text: message, counted: undefined, made: [] };
  const [{ declarations, match }] = message;
  const declared = declarations.map((line) => /^local (\w+) = (\w+): (\w+)$/.exec(line) ?? []);
  const [, , counted] = declared.find(([, , , how]) => how === 'plural') ?? [];
  const made = declared.filter(([, , , how]) => how === 'number').map(([, name]) => name);
  return { text: match[`plural=${new Intl.PluralRules(locale).select(count)}`], counted, made };
}

/** Fills a message with words, and answers it with the text that is expected then. */
function fill(id: string, message: Written, { locale, count, word }: { locale: Locale; count: number; word: string }) {
  const { text, counted, made } = textAt(message, count, locale);
  if (text === undefined) throw new Error(`${id} has no text for ${String(count)}`);
  const valueOf = (name: string): string => (name === counted ? String(count) : `${word} ${name}`);
  const isolated = (value: string): string =>
    locale === 'ar' || value.startsWith(word) ? `${FSI}${value}${PDI}` : value;
  const names = [...namesIn(text), ...(counted === undefined ? [] : [counted])];
  const values = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
  const expected = text.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    made.includes(name) ? new Intl.NumberFormat(locale).format(count) : isolated(valueOf(name)),
  );
  return { filled: compiled[id]?.(values, { locale }), expected };
}

describe('what is filled into messages', () => {
  const before = getLocale;
  afterEach(() => overwriteGetLocale(before));

  it('keeps its own order within a sentence of the other direction', () => {
    expect(m['home.hello']({ name: DOCTOR }, { locale: 'ar' })).toContain(`${FSI}${DOCTOR_IN_RTL}${PDI}`);
    expect(m['home.hello']({ name: AMINA }, { locale: 'en' })).toBe(`Hello, ${FSI}${AMINA}${PDI}`);
    expect(m['home.hello']({ name: AMINA }, { locale: 'de' })).toBe(`Hallo, ${FSI}${AMINA}${PDI}`);
  });

  it('stays as it is where everything reads from left to right', () => {
    expect(m['home.hello']({ name: DOCTOR }, { locale: 'en' })).toBe(`Hello, ${DOCTOR}`);
  });

  it.each(filledIn('ar'))('is isolated in every form of every Arabic text: %s', (id, message) => {
    for (const count of COUNTS) {
      const { filled, expected } = fill(id, message, { locale: 'ar', count, word: 'Clara' });
      expect(filled).toBe(expected);
    }
  });

  describe.each(['de', 'en'] as const)('of %s', (locale) => {
    it.each(filledIn(locale))('is isolated in every form of every text, where it is Arabic: %s', (id, message) => {
      for (const count of COUNTS) {
        const { filled, expected } = fill(id, message, { locale, count, word: 'أمينة' });
        expect(filled).toBe(expected);
      }
    });
  });

  it('reads as its language does when it is a sentence itself', () => {
    const [RLI, LRI] = ['\u2067', '\u2066'];
    const when = (day: string, locale: 'ar' | 'en') => m['visit.dayTime']({ day, time: '9:55 ص' }, { locale });
    const arabic = when('اليوم', 'ar');
    expect(arabic).toBe(`${FSI}اليوم${PDI}، ${FSI}9:55 ص${PDI}`);
    expect(m['appointment.opensAt']({ when: arabic }, { locale: 'ar' })).toContain(`${RLI}${arabic}${PDI}`);
    const english = when('Today', 'en');
    expect(m['appointment.opensAt']({ when: english }, { locale: 'en' })).toContain(`${LRI}${english}${PDI}`);
  });

  it('is isolated name by name in a list', () => {
    overwriteGetLocale(() => 'ar');
    expect(formatList([DOCTOR, AMINA])).toBe(
      `${FSI}${DOCTOR_IN_RTL}${PDI} و${FSI}${AMINA.replace(' ', '\u00a0')}${PDI}`,
    );
  });

  it('leaves numbers and nothing alone', () => {
    expect([isolateInRtl(3), isolateInRtl(''), isolateInLtr(3), isolateInLtr('')]).toEqual([3, '', 3, '']);
  });
});
