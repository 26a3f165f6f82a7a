import { describe, expect, it } from 'vitest';
import { birthDateOf, dateOrder, typedDateOf } from './birth-date.ts';

const now = new Date('2030-06-01T12:00:00.000Z');

describe('date of birth (R21)', () => {
  it.each([
    ['1', '2', '1990', '1990-02-01'],
    ['29', '2', '2024', '2024-02-29'],
    [' 07 ', '09', '2001', '2001-09-07'],
    ['٧', '٩', '٢٠٠١', '2001-09-07'],
    ['29', '2', '2023', undefined],
    ['31', '4', '1990', undefined],
    ['2', '6', '2030', undefined],
    ['1', '1', '1899', undefined],
    ['1', '1', '90', undefined],
    ['', '1', '1990', undefined],
    ['1.5', '1', '1990', undefined],
  ])('%s / %s / %s is %s', (day, month, year, date) => {
    expect(birthDateOf({ day, month, year }, now)).toBe(date);
  });

  it('goes back into its fields', () => {
    expect(typedDateOf('1990-02-01')).toEqual({ day: '1', month: '2', year: '1990' });
    expect(typedDateOf(undefined)).toEqual({ day: '', month: '', year: '' });
  });

  it('is asked for in the order of the reader', () => {
    expect(dateOrder('en-GB')).toEqual(['day', 'month', 'year']);
    expect(dateOrder('en-US')).toEqual(['month', 'day', 'year']);
  });
});
