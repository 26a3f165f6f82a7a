import { describe, expect, it } from 'vitest';
import { addDays, dateIn, daysBetween, formatDate } from './calendar-date.ts';
import { noonIn, offsetMinutes, repeatedTime } from './offset.ts';
import { clockChanges, formatDifference, minutesAhead } from './zone.ts';

describe('calendar dates', () => {
  it('go over months, years and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  });

  it('are those of the zone, on both sides of the date line', () => {
    const instant = new Date('2026-05-04T11:30:00Z');
    expect(dateIn('Pacific/Kiritimati', instant)).toBe('2026-05-05');
    expect(dateIn('Pacific/Niue', instant)).toBe('2026-05-04');
  });

  it('are written for the day that they are, wherever the reader is', () => {
    expect(formatDate('2026-05-04', { weekday: 'long', day: 'numeric', month: 'long' }, 'en-GB')).toBe('Monday 4 May');
  });
});

describe('two zones', () => {
  it('New York and Berlin are 5 hours apart in the week between their clock changes, else 6', () => {
    expect(minutesAhead('America/New_York', 'Europe/Berlin', noonIn('America/New_York', '2026-10-28'))).toBe(300);
    expect(minutesAhead('America/New_York', 'Europe/Berlin', noonIn('America/New_York', '2026-10-20'))).toBe(360);
    expect(minutesAhead('Europe/Berlin', 'America/New_York', noonIn('Europe/Berlin', '2026-10-28'))).toBe(-300);
  });

  it('are as far apart as they are at that instant, also across the date line', () => {
    // Sunday 1 November in Auckland: clocks in New York change at 19:00 of that day.
    const [night, evening] = ['2026-10-31T13:00:00Z', '2026-11-01T07:00:00Z'].map((text) => new Date(text));
    expect(minutesAhead('Pacific/Auckland', 'America/New_York', night ?? new Date(0))).toBe(-17 * 60);
    expect(minutesAhead('Pacific/Auckland', 'America/New_York', evening ?? new Date(0))).toBe(-18 * 60);
    expect(noonIn('Pacific/Auckland', '2026-11-01').toISOString()).toBe('2026-10-31T23:00:00.000Z');
    expect(noonIn('America/New_York', '2026-11-01').toISOString()).toBe('2026-11-01T17:00:00.000Z');
  });

  it('tell which of two equal times is meant where clocks are put back', () => {
    const which = (zone: string, text: string) => repeatedTime(zone, new Date(text));
    expect(which('America/New_York', '2026-11-01T05:30:00Z')).toBe('before');
    expect(which('America/New_York', '2026-11-01T06:30:00Z')).toBe('after');
    expect(which('America/New_York', '2026-11-01T04:59:00Z')).toBeUndefined();
    expect(which('America/New_York', '2026-11-01T07:00:00Z')).toBeUndefined();
    // Half an hour only.
    expect(which('Australia/Lord_Howe', '2026-04-04T14:40:00Z')).toBe('before');
    expect(which('Australia/Lord_Howe', '2026-04-04T15:10:00Z')).toBe('after');
    expect(which('America/New_York', '2026-03-08T07:30:00Z')).toBeUndefined();
  });

  it('tell on which dates clocks change, in either zone', () => {
    expect(clockChanges(['America/New_York', 'Europe/Berlin'], '2026-10-24', 9)).toEqual(['2026-10-25', '2026-11-01']);
    expect(clockChanges(['Asia/Kolkata'], '2026-10-24', 30)).toEqual([]);
  });

  it('may differ by half hours', () => {
    expect(offsetMinutes('Asia/Kolkata', new Date('2026-05-04T12:00:00Z'))).toBe(330);
    expect(formatDifference(-330, 'en-GB')).toBe('5 hours 30 minutes');
    expect(formatDifference(60, 'en-GB')).toBe('1 hour');
  });
});
