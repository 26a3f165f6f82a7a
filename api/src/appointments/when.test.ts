import { describe, expect, it } from 'vitest';
import { timeInWords, timeLines } from './when.ts';

const at = (startsAt: string, minutes = 20) => {
  const start = new Date(startsAt);
  return { startsAt: start, endsAt: new Date(start.getTime() + minutes * 60_000) };
};
const words = (startsAt: string, timeZone: string): string => {
  const time = at(startsAt);
  return timeInWords(time.startsAt, time.endsAt, timeZone);
};

describe('a time in words', () => {
  it.each([
    ['2026-03-03T09:30:00Z', 'Europe/Berlin', 'Tuesday, 3 March 2026, 10:30 to 10:50, Berlin time (UTC+01:00)'],
    ['2026-03-29T01:30:00Z', 'Europe/Berlin', 'Sunday, 29 March 2026, 03:30 to 03:50, Berlin time (UTC+02:00)'],
    // The hour that New York has twice: only the offset tells them apart.
    ['2026-11-01T05:30:00Z', 'America/New_York', 'Sunday, 1 November 2026, 01:30 to 01:50, New York time (UTC-04:00)'],
    ['2026-11-01T06:30:00Z', 'America/New_York', 'Sunday, 1 November 2026, 01:30 to 01:50, New York time (UTC-05:00)'],
    ['2026-07-01T18:00:00Z', 'Asia/Kolkata', 'Wednesday, 1 July 2026, 23:30 to 23:50, Kolkata time (UTC+05:30)'],
    [
      '2026-07-01T18:00:00Z',
      'Pacific/Kiritimati',
      'Thursday, 2 July 2026, 08:00 to 08:20, Kiritimati time (UTC+14:00)',
    ],
    ['2026-07-01T18:00:00Z', 'UTC', 'Wednesday, 1 July 2026, 18:00 to 18:20, UTC'],
    [
      '2026-07-01T18:00:00Z',
      'America/Argentina/Buenos_Aires',
      'Wednesday, 1 July 2026, 15:00 to 15:20, Buenos Aires time (UTC-03:00)',
    ],
  ])('%s in %s', (instant, zone, expected) => {
    expect(words(instant, zone)).toBe(expected);
  });

  it('adds the own zone where it shows another time, and only there', () => {
    const time = { ...at('2026-03-20T14:00:00Z'), timeZone: 'America/New_York' };
    expect(timeLines(time, undefined)).toHaveLength(1);
    expect(timeLines(time, 'America/Toronto')).toHaveLength(1);
    expect(timeLines(time, 'Pacific/Auckland')).toEqual([
      'Friday, 20 March 2026, 10:00 to 10:20, New York time (UTC-04:00)',
      'In your time zone: Saturday, 21 March 2026, 03:00 to 03:20, Auckland time (UTC+13:00)',
    ]);
  });
});
