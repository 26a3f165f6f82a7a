import { describe, expect, it } from 'vitest';
import { appointmentTime, workingDay } from './wall-time.ts';

describe('appointmentTime (R22)', () => {
  it('tells the wall time of the zone, also across midnight and a clock change', () => {
    expect(appointmentTime(new Date('2026-07-01T08:00:00Z'), 20, 'Europe/Berlin')).toMatchObject({
      date: '2026-07-01',
      startTime: '10:00',
      endTime: '10:20',
      endsAt: new Date('2026-07-01T08:20:00Z'),
    });
    expect(appointmentTime(new Date('2026-01-01T04:50:00Z'), 30, 'America/New_York')).toMatchObject({
      date: '2025-12-31',
      startTime: '23:50',
      endTime: '00:20',
    });
    // Clocks go from 02:00 to 03:00 in Berlin.
    expect(appointmentTime(new Date('2026-03-29T00:50:00Z'), 20, 'Europe/Berlin')).toMatchObject({
      startTime: '01:50',
      endTime: '03:10',
      endsAt: new Date('2026-03-29T01:10:00Z'),
    });
  });
});

describe('workingDay', () => {
  const friday = Date.parse('2026-11-20T12:00:00Z');

  it('counts the days on which the doctor works, in both directions', () => {
    const weekdays = [1, 2, 3, 4, 5];
    expect(workingDay(friday, 'Europe/Berlin', weekdays, 1, '09:00').toISOString()).toBe('2026-11-23T08:00:00.000Z');
    expect(workingDay(friday, 'Europe/Berlin', weekdays, -5, '09:00').toISOString()).toBe('2026-11-13T08:00:00.000Z');
    expect(workingDay(friday, 'America/New_York', [1], 2, '09:00').toISOString()).toBe('2026-11-30T14:00:00.000Z');
  });
});
