import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { m } from '#lib/paraglide/messages.js';
import { getLocale, overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { formatList } from './format.ts';
import { isolateInLtr, isolateInRtl } from './isolate.ts';

const [FSI, PDI] = ['\u2068', '\u2069'];
const DOCTOR = 'Dr. Clara Hoffmann';
/** The title keeps to the name at the end of a line. */
const DOCTOR_IN_RTL = 'Dr.\u00a0Clara Hoffmann';
const AMINA = 'د. أمينة حداد';

/** Every message of a language that words are filled into, with the names of what is. Numbers are written by the message. */
function filledIn(locale: string): [id: string, inputs: string[]][] {
  const path = join(import.meta.dirname, '../../../messages', `${locale}.json`);
  return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>).flatMap(([id, message]) => {
    const text = JSON.stringify(message);
    const named = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const inputs = named.filter((name) => !text.includes(`local ${name} =`));
    return inputs.length > 0 ? [[id, [...new Set(inputs)]] satisfies [string, string[]]] : [];
  });
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

  it.each(filledIn('ar'))('is isolated in every Arabic text: %s', (id, inputs) => {
    const message = Object.entries(m).find(([key]) => key === id)?.[1] as unknown as (
      values: Record<string, string>,
      options: { locale: 'ar' },
    ) => string;
    const text = message(Object.fromEntries(inputs.map((name) => [name, `${name} 2`])), { locale: 'ar' });
    for (const name of inputs.filter((input) => text.includes(`${input} 2`))) {
      expect(text).toContain(`${FSI}${name} 2${PDI}`);
    }
    expect(text).toContain(PDI);
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
