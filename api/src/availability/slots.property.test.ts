import { APPOINTMENT_MODES, type Schedule, type ScheduleException } from '@health-connect/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noonsOf, schedulesAround, ZONES } from '../testing/schedule-arbitraries.ts';
import { DAY_MS, slotsByWalking } from '../testing/slot-walker.ts';
import { slotsBetween } from './slots.ts';

/** Two of them, with what each day's slots are checked against. */
const LEAP_NOONS = [Date.UTC(2024, 1, 29, 12), Date.UTC(2028, 1, 29, 12)] as const;

/** A time with a schedule around it. */
const cases = (noons: fc.Arbitrary<number>, zone: string): fc.Arbitrary<readonly [number, Schedule]> =>
  noons.chain((noon) => schedulesAround(noon, zone).map((schedule) => [noon, schedule] as const));

function slotsOf(schedule: Schedule, fromMs: number, toMs: number) {
  return slotsBetween(schedule, new Date(fromMs), new Date(toMs)).map(({ startsAt, endsAt, ...slot }) => ({
    ...slot,
    startMs: startsAt.getTime(),
    endMs: endsAt.getTime(),
  }));
}

function expectSame(schedule: Schedule, noon: number): void {
  const [fromMs, toMs] = [noon - DAY_MS / 2, noon + 1.5 * DAY_MS];
  expect(slotsOf(schedule, fromMs, toMs)).toEqual(slotsByWalking(schedule, fromMs, toMs));
}

const tuesdays = (exceptions: ScheduleException[] = [], timeZone = 'Europe/Berlin'): Schedule => ({
  timeZone,
  workingTimes: [
    { weekday: 2, start: '09:00', end: '10:00', slotMinutes: 20, breakMinutes: 0, modes: [...APPOINTMENT_MODES] },
  ],
  exceptions,
  minimumNoticeMinutes: 60,
  furthestDays: 90,
  confirmation: 'manual',
});

describe('slots, compared with an independent calculation', () => {
  it.each(ZONES)(
    '%s: several ranges a day with breaks, closed times, vacations, extra hours, changing clocks',
    (zone) => {
      const check = fc.property(cases(noonsOf(zone), zone), ([noon, schedule]) => expectSame(schedule, noon));
      fc.assert(check, { numRuns: 100 });
    },
  );

  it.each(ZONES)('%s: around 29 February', (zone) => {
    const check = fc.property(cases(fc.constantFrom(...LEAP_NOONS), zone), ([noon, schedule]) =>
      expectSame(schedule, noon),
    );
    fc.assert(check, { numRuns: 25 });
  });

  it('are numbered from 1 on each day, whatever the window that is asked for', () => {
    const zone = 'Pacific/Auckland';
    const check = fc.property(cases(noonsOf(zone), zone), ([noon, schedule]) => {
      for (const slot of slotsOf(schedule, noon - DAY_MS / 2, noon + DAY_MS / 2)) {
        expect(slotsOf(schedule, slot.startMs, slot.endMs)[0]).toEqual(slot);
      }
    });
    fc.assert(check, { numRuns: 25 });
  });
});

describe('29 February', () => {
  const [fromMs, toMs] = [Date.UTC(2028, 1, 28), Date.UTC(2028, 2, 2)];
  const dates = (schedule: Schedule): string[] => [...new Set(slotsOf(schedule, fromMs, toMs).map(({ date }) => date))];

  it('is a weekday like others, here a Tuesday', () => {
    expect(dates(tuesdays())).toEqual(['2028-02-29']);
  });

  it('is part of a vacation that goes over it, and can be closed or have extra hours by itself', () => {
    const day = '2028-02-29';
    expect(
      dates(tuesdays([{ kind: 'vacation', from: '2028-02-28', to: '2028-03-01', hours: null, note: '' }])),
    ).toEqual([]);
    expect(dates(tuesdays([{ kind: 'closed', from: day, to: day, hours: null, note: '' }]))).toEqual([]);
    const cut = { slotMinutes: 30, breakMinutes: 0, modes: [...APPOINTMENT_MODES], note: '' };
    const extra = { kind: 'extra' as const, date: day, start: '23:00', end: '24:00', ...cut };
    const times = slotsOf(tuesdays([extra]), fromMs, toMs).map(({ startTime, endTime }) => `${startTime}-${endTime}`);
    expect(times).toEqual(['09:00-09:20', '09:20-09:40', '09:40-10:00', '23:00-23:30', '23:30-00:00']);
  });
});
