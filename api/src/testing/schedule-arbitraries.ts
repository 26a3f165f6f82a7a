import {
  APPOINTMENT_MODES,
  type AppointmentMode,
  type Schedule,
  type ScheduleException,
} from '@health-connect/contract';
import fc from 'fast-check';
import { DAY_MS, timeOf, wallAt } from './slot-walker.ts';

/** Zones that change their clocks by an hour, half an hour and two, both ways, across midnight, and not at all. */
export const ZONES = [
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
export type Zone = (typeof ZONES)[number];

/**
 * Before this, St. John's changed its clocks at 00:01, off the grid of cells; just after it, Apia left out a day.
 */
const FIRST_NOON = Date.UTC(2011, 10, 20, 12);

/** When clocks are changed in a zone in these years, found by looking at noon of each day. */
function changesOf(timeZone: string): number[] {
  const noons: number[] = [];
  for (let ms = FIRST_NOON; ms < Date.UTC(2032, 0, 1); ms += DAY_MS) {
    const shift = (at: number): number => (wallAt(at, timeZone).minute - (at % DAY_MS) / 60_000 + 2880) % 1440;
    if (shift(ms) !== shift(ms + DAY_MS)) noons.push(ms);
  }
  return noons;
}
const changes = new Map<Zone, number[]>(ZONES.map((zone) => [zone, changesOf(zone)]));

/** Noons (UTC) of days around which the zone's clocks change, and now and then of any other day. */
export function noonsOf(zone: Zone): fc.Arbitrary<number> {
  const days = changes.get(zone) ?? [];
  const anyNoon = fc.integer({ min: 0, max: 20 * 365 }).map((day) => FIRST_NOON + day * DAY_MS);
  if (days.length === 0) return anyNoon;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...days) }, { weight: 1, arbitrary: anyNoon });
}

const modes = fc.constantFrom<AppointmentMode[][]>([...APPOINTMENT_MODES], ['video'], ['chat']);
const quarter = fc.integer({ min: 0, max: 95 }).map((index) => index * 15);
const hours = fc.tuple(quarter, quarter).map(([one, other]) => {
  const end = Math.max(one, other) + 15;
  return { start: timeOf(Math.min(one, other)), end: end === 1440 ? '24:00' : timeOf(end) };
});
const range = fc
  .record({ hours, slot: fc.integer({ min: 1, max: 12 }), pause: fc.integer({ min: 0, max: 3 }), modes })
  .map((parts) => ({ ...parts.hours, slotMinutes: parts.slot * 5, breakMinutes: parts.pause * 5, modes: parts.modes }));
type Range = typeof range extends fc.Arbitrary<infer T> ? T : never;

const onEachDay = (ranges: readonly Range[]): Schedule['workingTimes'] =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => ranges.map((one) => ({ ...one, weekday })));

const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Closed hours and days, vacations and extra hours, within two days of a date. */
function exceptionsAround(date: string): fc.Arbitrary<ScheduleException[]> {
  const near = fc.integer({ min: -2, max: 2 });
  const away = fc
    .record({
      kind: fc.constantFrom('closed' as const, 'vacation' as const),
      first: near,
      days: fc.integer({ min: 0, max: 2 }),
      hours: fc.option(hours),
    })
    .map(({ kind, first, days, hours: some }) => {
      const [from, to] = [dateAfter(date, first), dateAfter(date, first + days)];
      return { kind, from, to, hours: some, note: '' };
    });
  const extra = fc
    .record({ day: near, range })
    .map(({ day, range: cut }) => ({ kind: 'extra' as const, date: dateAfter(date, day), note: '', ...cut }));
  return fc.array(fc.oneof(away, extra), { maxLength: 4 });
}

/** Several ranges on each day, more on some weekdays, and exceptions around a noon. */
export function schedulesAround(noon: number, timeZone: string): fc.Arbitrary<Schedule> {
  const some = fc.record({ weekday: fc.integer({ min: 1, max: 7 }), range });
  return fc
    .record({
      daily: fc.array(range, { minLength: 1, maxLength: 3 }),
      more: fc.array(some, { maxLength: 3 }),
      exceptions: exceptionsAround(wallAt(noon, timeZone).date),
    })
    .map(({ daily, more, exceptions }) => ({
      timeZone,
      workingTimes: [...onEachDay(daily), ...more.map((one) => ({ ...one.range, weekday: one.weekday }))],
      exceptions,
      minimumNoticeMinutes: 60,
      furthestDays: 3,
      confirmation: 'manual',
    }));
}
