import { expect, it } from 'vitest';
import { datesOf, mondayOf, nextWeek, weekBefore, weekStart } from './week.ts';

it('a week begins on its Monday, over ends of months and years', () => {
  expect([mondayOf('2030-05-06'), mondayOf('2030-05-12'), mondayOf('2031-01-01')]).toEqual([
    '2030-05-06',
    '2030-05-06',
    '2030-12-30',
  ]);
  expect(datesOf('2030-12-30').at(-1)).toBe('2031-01-05');
  expect([weekBefore('2030-05-06'), nextWeek('2030-05-06')]).toEqual(['2030-04-29', '2030-05-13']);
});

it('the address names it; anything else means this week, in the zone of the one who looks', () => {
  const now = Date.parse('2030-05-12T23:00:00.000Z');
  expect(weekStart('2030-01-02', 'UTC', now)).toBe('2029-12-31');
  expect(weekStart(null, 'UTC', now)).toBe('2030-05-06');
  expect(weekStart(null, 'Europe/Berlin', now)).toBe('2030-05-13');
  expect([weekStart('soon', 'UTC', now), weekStart('2030-99-99', 'UTC', now)]).toEqual(['2030-05-06', '2030-05-06']);
});
