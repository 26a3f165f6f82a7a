import type { Schedule, ScheduleException } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { overlapsOf } from './schedule-overlaps.ts';

const cut = { slotMinutes: 20, breakMinutes: 0, modes: ['video' as const] };
/** A Wednesday, on which the usual hours are from 9 to 12. */
const DATE = '2030-05-08';
const usual = { weekday: 3, start: '09:00', end: '12:00', ...cut };
const extra = (start: string, end: string): ScheduleException => ({
  kind: 'extra',
  date: DATE,
  ...{ start, end, note: '' },
  ...cut,
});
const away = (hours: { start: string; end: string } | null, from = DATE, to = DATE): ScheduleException => ({
  kind: 'closed',
  ...{ from, to, hours, note: '' },
});
const datesOf = (...exceptions: ScheduleException[]): (string | null)[] => {
  const rest = { minimumNoticeMinutes: 60, furthestDays: 60, confirmation: 'manual' } as const;
  const schedule: Schedule = { timeZone: 'Europe/Berlin', workingTimes: [usual], exceptions, ...rest };
  return overlapsOf(schedule).map(({ date }) => date);
};

describe('hours that overlap', () => {
  it('are named where slots are left out for it', () => {
    expect(datesOf(extra('11:00', '13:00'))).toEqual([DATE]);
    expect(datesOf(extra('12:00', '13:00'))).toEqual([]);
    expect(datesOf(extra('14:00', '16:00'), extra('15:30', '17:00'))).toEqual([DATE]);
    // The first one overlaps with the last one only.
    expect(datesOf(extra('13:00', '18:00'), extra('14:00', '14:30'), away({ start: '13:30', end: '15:00' }))).toEqual(
      [],
    );
    const long = [extra('13:00', '18:00'), extra('14:00', '14:30'), extra('16:00', '17:00')];
    expect(datesOf(...long, away({ start: '13:30', end: '15:00' }))).toEqual([DATE]);
  });

  it.each([
    ['on a day that is closed', [away(null)]],
    ['on a day of a vacation', [away(null, '2030-05-01', '2030-05-20')]],
    ['in hours that are closed', [away({ start: '11:00', end: '12:00' })]],
    [
      'in hours that are closed in parts',
      [away({ start: '11:20', end: '24:00' }), away({ start: '10:30', end: '11:20' })],
    ],
  ])('are not named %s', (_where, closings) => {
    expect(datesOf(extra('11:00', '13:00'), ...closings)).toEqual([]);
  });

  it.each([
    ['on another day', [away(null, '2030-05-09', '2030-05-20')]],
    ['in other hours', [away({ start: '12:00', end: '13:00' })]],
    ['in part of the hours', [away({ start: '10:00', end: '11:30' })]],
    ['but for a gap', [away({ start: '10:00', end: '11:30' }), away({ start: '11:35', end: '13:00' })]],
  ])('are named where the doctor is away %s', (_where, closings) => {
    expect(datesOf(extra('11:00', '13:00'), ...closings)).toEqual([DATE]);
  });
});
