import { APPOINTMENT_MODES, type Schedule } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { slotsBetween } from './slots.ts';

const schedule = (parts: Partial<Schedule>): Schedule => ({
  timeZone: 'Europe/Berlin',
  workingTimes: [],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 90,
  confirmation: 'manual',
  ...parts,
});
const hours = (weekday: number, start: string, end: string, slotMinutes = 20, breakMinutes = 0) => ({
  weekday,
  start,
  end,
  slotMinutes,
  breakMinutes,
  modes: [...APPOINTMENT_MODES],
});
const daily = (start: string, end: string, slotMinutes = 30) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => hours(weekday, start, end, slotMinutes));
const timesOf = (parts: Partial<Schedule>, from: string, to: string): string[] =>
  slotsBetween(schedule(parts), new Date(from), new Date(to)).map(
    ({ startsAt, date, startTime, endTime }) =>
      `${startsAt.toISOString().slice(0, 16)}Z ${date} ${startTime}-${endTime}`,
  );

describe('slots of a schedule (R20)', () => {
  it('are cut with breaks, numbered within the day, and never go beyond the end', () => {
    const slots = slotsBetween(
      schedule({ workingTimes: [hours(1, '14:00', '15:00', 20), hours(1, '09:00', '10:10', 20, 5)] }),
      new Date('2026-12-07T00:00:00Z'),
      new Date('2026-12-08T00:00:00Z'),
    );
    expect(slots.map(({ slotNumber, startTime, endTime }) => `${slotNumber} ${startTime}-${endTime}`)).toEqual([
      '1 09:00-09:20',
      '2 09:25-09:45',
      '3 09:50-10:10',
      '4 14:00-14:20',
      '5 14:20-14:40',
      '6 14:40-15:00',
    ]);
  });

  it('leave out wall times that do not exist', () => {
    expect(timesOf({ workingTimes: daily('01:30', '03:30') }, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toEqual([
      '2026-03-29T00:30Z 2026-03-29 01:30-03:00',
      '2026-03-29T01:00Z 2026-03-29 03:00-03:30',
    ]);
  });

  it('offer wall times twice that occur twice', () => {
    const [first, ...others] = timesOf(
      { workingTimes: daily('02:00', '03:00') },
      '2026-10-24T22:00:00Z',
      '2026-10-25T23:00:00Z',
    );
    expect([first, ...others]).toEqual([
      '2026-10-25T00:00Z 2026-10-25 02:00-02:30',
      '2026-10-25T00:30Z 2026-10-25 02:30-02:00',
      '2026-10-25T01:00Z 2026-10-25 02:00-02:30',
      '2026-10-25T01:30Z 2026-10-25 02:30-03:00',
    ]);
  });

  it('know no day that a zone has skipped', () => {
    const days = timesOf(
      { timeZone: 'Pacific/Apia', workingTimes: daily('12:00', '12:30') },
      '2011-12-29T00:00:00Z',
      '2012-01-01T00:00:00Z',
    );
    expect(days.map((line) => line.slice(18, 28))).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('reach to midnight', () => {
    expect(timesOf({ workingTimes: daily('23:30', '24:00') }, '2026-12-07T00:00:00Z', '2026-12-08T00:00:00Z')).toEqual([
      '2026-12-07T22:30Z 2026-12-07 23:30-00:00',
    ]);
  });

  it('follow dated exceptions', () => {
    const exceptions: Schedule['exceptions'] = [
      { kind: 'closed', from: '2026-12-07', to: '2026-12-07', hours: { start: '09:00', end: '09:30' }, note: '' },
      { kind: 'vacation', from: '2026-12-08', to: '2026-12-09', hours: null, note: '' },
      {
        kind: 'extra',
        date: '2026-12-12',
        start: '10:00',
        end: '10:30',
        slotMinutes: 30,
        breakMinutes: 0,
        modes: ['video'],
        note: '',
      },
    ];
    const workingTimes = [1, 2, 3, 4].map((weekday) => hours(weekday, '09:00', '10:00', 30));
    expect(
      timesOf({ workingTimes, exceptions }, '2026-12-07T00:00:00Z', '2026-12-14T00:00:00Z').map((line) =>
        line.slice(18),
      ),
    ).toEqual(['2026-12-07 09:30-10:00', '2026-12-10 09:00-09:30', '2026-12-10 09:30-10:00', '2026-12-12 10:00-10:30']);
  });

  it('of overlapping hours are those of the earlier ones', () => {
    const workingTimes = [hours(1, '09:00', '10:00', 30), hours(1, '09:15', '10:45', 30)];
    expect(
      timesOf({ workingTimes }, '2026-12-07T00:00:00Z', '2026-12-08T00:00:00Z').map((line) => line.slice(29)),
    ).toEqual(['09:00-09:30', '09:30-10:00', '10:15-10:45']);
  });
});
