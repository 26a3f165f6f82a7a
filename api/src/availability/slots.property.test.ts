import { APPOINTMENT_MODES, type Schedule } from '@health-connect/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slotsBetween } from './slots.ts';

const CELL_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Zones that change their clocks by an hour, half an hour and two, both ways, across midnight, and not at all. */
const ZONES = [
  'Africa/Casablanca',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Amman',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'UTC',
] as const;

interface Wall {
  readonly date: string;
  readonly minute: number;
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * Before this, St. John's changed its clocks at 00:01, off the grid of cells; just after it, Apia left out a day.
 */
const FIRST_NOON = Date.UTC(2011, 10, 20, 12);

/** What the wall clock shows, as the platform's own time zone data has it. */
function wallAt(ms: number, timeZone: string): Wall {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
    weekday: WEEKDAYS.indexOf(part('weekday')) + 1,
  };
}

interface Hours {
  readonly weekday: number;
  readonly start: number;
  readonly end: number;
  readonly slotCells: number;
  readonly breakCells: number;
}

/** The same slots found another way: cell by cell, by looking at the clock in each of them. */
function slotsByWalking(hours: readonly Hours[], timeZone: string, fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (const { weekday, start, end, slotCells, breakCells } of hours) {
    let runStart: number | undefined;
    let runDate = '';
    // Two days around, so that a run that began before is seen from its beginning.
    for (let ms = fromMs - 2 * DAY_MS; ms < toMs + 2 * DAY_MS; ms += CELL_MS) {
      const wall = wallAt(ms, timeZone);
      const isIn = wall.weekday === weekday && start <= wall.minute && wall.minute < end;
      if (!isIn) runStart = undefined;
      else if (runStart === undefined || wall.date !== runDate) runStart = ms;
      runDate = wall.date;
      if (runStart === undefined) continue;
      const cell = (ms - runStart) / CELL_MS;
      // A slot is there once its last cell is: it began so many cells before.
      if (cell % (slotCells + breakCells) === slotCells - 1) starts.push(ms - (slotCells - 1) * CELL_MS);
    }
  }
  return starts.filter((ms) => fromMs <= ms && ms < toMs).sort((one, other) => one - other);
}

const timeOf = (minute: number): string =>
  minute === 1440
    ? '24:00'
    : `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function scheduleOf(hours: readonly Hours[], timeZone: string): Schedule {
  return {
    timeZone,
    workingTimes: hours.map(({ weekday, start, end, slotCells, breakCells }) => ({
      weekday,
      start: timeOf(start),
      end: timeOf(end),
      slotMinutes: slotCells * 5,
      breakMinutes: breakCells * 5,
      modes: [...APPOINTMENT_MODES],
    })),
    exceptions: [],
    minimumNoticeMinutes: 60,
    furthestDays: 90,
    confirmation: 'manual',
  };
}

/** When clocks are changed in a zone in these years, found by looking at noon of each day. */
function changesOf(timeZone: string): number[] {
  const noons: number[] = [];
  for (let ms = FIRST_NOON; ms < Date.UTC(2032, 0, 1); ms += DAY_MS) {
    const shift = (at: number): number => (wallAt(at, timeZone).minute - (at % DAY_MS) / 60_000 + 2880) % 1440;
    if (shift(ms) !== shift(ms + DAY_MS)) noons.push(ms);
  }
  return noons;
}

const changes = new Map(ZONES.map((zone) => [zone, changesOf(zone)]));
const quarter = fc.integer({ min: 0, max: 95 }).map((index) => index * 15);

/** One range a day, every day, so that a change of clocks always meets one. */
const everyDay = fc
  .record({
    one: quarter,
    other: quarter,
    slotCells: fc.integer({ min: 1, max: 12 }),
    breakCells: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ one, other, slotCells, breakCells }) => {
    const [start, end] = [Math.min(one, other), Math.max(one, other) + 15];
    return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start, end, slotCells, breakCells }));
  });

describe('slots, compared with an independent calculation', () => {
  it.each(ZONES)('%s, in the days around its clock changes and any others', (zone) => {
    const days = changes.get(zone) ?? [];
    const changing = fc.nat().map((index) => days[index % days.length] ?? Date.UTC(2024, 1, 28, 12));
    const any = fc.integer({ min: 0, max: 20 * 365 }).map((day) => FIRST_NOON + day * DAY_MS);
    const around =
      days.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: changing }, { weight: 1, arbitrary: any });
    fc.assert(
      fc.property(everyDay, around, (hours, noon) => {
        const [fromMs, toMs] = [noon - DAY_MS / 2, noon + 1.5 * DAY_MS];
        const slots = slotsBetween(scheduleOf(hours, zone), new Date(fromMs), new Date(toMs));
        expect(slots.map(({ startsAt }) => startsAt.getTime())).toEqual(slotsByWalking(hours, zone, fromMs, toMs));
        for (const { startsAt, endsAt, date, startTime } of slots) {
          const wall = wallAt(startsAt.getTime(), zone);
          expect([date, startTime]).toEqual([wall.date, timeOf(wall.minute)]);
          expect(endsAt.getTime() - startsAt.getTime()).toBe((hours[0]?.slotCells ?? 0) * CELL_MS);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are numbered from 1 on each day, whatever the window that is asked for', () => {
    const hours = [{ weekday: 3, start: 540, end: 1020, slotCells: 4, breakCells: 1 }];
    const schedule = scheduleOf(hours, 'Pacific/Auckland');
    const [from, to] = [new Date('2026-09-22T00:00:00Z'), new Date('2026-09-24T00:00:00Z')];
    const all = slotsBetween(schedule, from, to);
    expect(all.map(({ slotNumber }) => slotNumber)).toEqual(all.map((_slot, index) => index + 1));
    for (const slot of all) {
      const [same] = slotsBetween(schedule, slot.startsAt, slot.endsAt);
      expect(same).toEqual(slot);
    }
  });
});
