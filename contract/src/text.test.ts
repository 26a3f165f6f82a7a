import { describe, expect, it } from 'vitest';
import { emailSchema, personNameSchema } from './account.ts';
import { adminAccountEndpoints } from './http/admin-accounts.ts';
import { line, paragraph } from './text.ts';

const SCHEMAS = [
  ['a line', line(40)],
  ['a paragraph', paragraph(40)],
  ['a name', personNameSchema],
] as const;
const DIRECTIONS = Array.from('\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069');

describe.each(SCHEMAS)('%s', (_what, schema) => {
  it.each(DIRECTIONS.map((sign) => [sign.codePointAt(0)?.toString(16), sign] as const))(
    'is kept without the sign U+%s, which turns around what comes after it',
    (_code, sign) => {
      expect(schema.parse(`Dr ${sign}Lima${sign}`)).toBe('Dr Lima');
      expect(schema.parse(`${sign} Dr Lima ${sign}`)).toBe('Dr Lima');
      expect(schema.parse(sign.repeat(100) + 'x'.repeat(40))).toBe('x'.repeat(40));
    },
  );

  it.each(['ليلى حداد', 'דנה לוי', 'Ana (ليلى) Souza', 'می\u200Cخواهم', '👩\u200D⚕️'])('keeps %s', (text) => {
    expect(schema.parse(text)).toBe(text);
  });

  it.each(['\u0000', '\u0007', '\u001B', '\u007F', '\u009B'])('refuses the control character %j', (sign) => {
    expect(schema.safeParse(`Dr ${sign}Lima`).success).toBe(false);
  });
});

it.each(DIRECTIONS)('an address is taken without such a sign that was copied with it (%j)', (sign) => {
  expect(emailSchema.parse(`${sign}Ana@Hospital.example${sign}`)).toBe('ana@hospital.example');
  const wanted = adminAccountEndpoints.search.body.parse({ text: `${sign}ana@hosp${sign}` });
  expect(wanted.text).toBe('ana@hosp');
});

it('a name of such signs alone is none', () => {
  expect(personNameSchema.safeParse('\u202E\u2066').success).toBe(false);
});

it('a paragraph keeps line breaks and tabs, a line has none', () => {
  expect(paragraph(40).parse('one\n\ttwo\r\nthree')).toBe('one\n\ttwo\r\nthree');
  expect(line(40).safeParse('one\ntwo').success).toBe(false);
});
