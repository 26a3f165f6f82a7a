import { describe, expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { cityOf, daysFromNow, formatDay, formatLocale, formatNumber, formatTime, sameWallTime } from './format.ts';

const noon = new Date('2030-06-01T12:00:00.000Z');

describe('dates and times', () => {
  it('follow the variant of the chosen language, so 12 or 24 hours as people know it', () => {
    expect(formatLocale(['de-AT', 'en-GB'], 'en')).toBe('en-GB');
    expect(formatLocale(['fr'], 'ar')).toBe('ar');
    expect(formatTime(noon, { zone: 'Europe/Berlin', locale: 'en-GB' })).toBe('14:00');
    expect(formatTime(noon, { zone: 'America/New_York', locale: 'en-US' })).toBe('8:00\u00A0AM');
    expect(formatTime(noon, { zone: 'UTC', locale: 'ar-EG' })).toMatch(/^\S+\u00A0\S+$/);
  });

  it('tell which of two equal times is meant where the clock is put back', () => {
    const inBerlin = (text: string) =>
      formatTime(new Date(text), { zone: 'Europe/Berlin', locale: 'en-US' }).replace(/\s/, ' ');
    expect(inBerlin('2026-10-25T00:30:00Z')).toBe(m['time.beforeChange']({ time: '2:30 AM' }));
    expect(inBerlin('2026-10-25T01:30:00Z')).toBe(m['time.afterChange']({ time: '2:30 AM' }));
    expect(inBerlin('2026-10-25T02:30:00Z')).toBe('3:30 AM');
  });

  it('compare zones by what their clocks show at that time', () => {
    expect(sameWallTime(noon, 'Europe/Berlin', 'Europe/Paris')).toBe(true);
    expect(sameWallTime(noon, 'Europe/Berlin', 'America/New_York')).toBe(false);
  });

  it('count calendar days in a zone, not periods of 24 hours', () => {
    const now = new Date('2030-06-01T21:30:00.000Z');
    expect(daysFromNow(new Date('2030-06-01T22:30:00.000Z'), now, 'UTC')).toBe(0);
    expect(daysFromNow(new Date('2030-06-01T22:30:00.000Z'), now, 'Europe/Berlin')).toBe(1);
  });

  it('name the year of a day where it is another one in that zone, wherever the device is', () => {
    const day = (instant: string, zone: string, now: string) =>
      formatDay(new Date(instant), { zone, locale: 'en-US' }, new Date(now));
    const [newYear, before] = ['2030-12-31T20:00:00.000Z', '2030-12-31T10:00:00.000Z'];
    // There it is the first of January, while it is New Year's Eve here and in Honolulu.
    expect(day(newYear, 'Asia/Tokyo', before)).toBe('Wed, January 1, 2031');
    expect(day(newYear, 'Pacific/Honolulu', before)).toBe('Tue, December 31');
    expect(day('2031-01-01T05:00:00.000Z', 'Pacific/Honolulu', before)).toBe('Tue, December 31');
    expect(day('2031-01-01T05:00:00.000Z', 'Asia/Tokyo', newYear)).toBe('Wed, January 1');
  });

  it('name a zone by its city', () => {
    expect(cityOf('America/New_York')).toBe('New York');
    expect(cityOf('UTC')).toBe('UTC');
  });
});

it('numbers have one decimal at most', () => {
  expect(formatNumber(13 / 3)).toMatch(/^4[.,]3$/);
  expect(formatNumber(5)).toBe('5');
});
