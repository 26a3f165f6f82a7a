import type { AppointmentMode, Schedule } from '@health-connect/contract';

export const CELL_MS = 5 * 60_000;
export const DAY_MS = 24 * 60 * 60_000;

/** What a clock on the wall shows. */
export interface Wall {
  readonly date: string;
  readonly minute: number;
  readonly weekday: number;
}

/** A slot as it is found by walking. */
export interface WalkedSlot {
  readonly startMs: number;
  readonly endMs: number;
  readonly date: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly slotNumber: number;
  readonly modes: readonly AppointmentMode[];
}

/** Hours of some days, as the schedule writes them. */
interface Range {
  readonly isOn: (wall: Wall) => boolean;
  readonly start: number;
  readonly end: number;
  readonly slotCells: number;
  readonly breakCells: number;
  readonly modes: readonly AppointmentMode[];
}
/** Five minutes, with what the clock shows when they begin. */
interface Cell {
  readonly ms: number;
  readonly wall: Wall;
  readonly isClosed: boolean;
}
type Found = Omit<WalkedSlot, 'slotNumber'> & { readonly rangeStart: number };

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();
const walls = new Map<string, Map<number, Wall>>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const digits = '2-digit';
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', weekday: 'short', year: 'numeric' },
      ...{ month: digits, day: digits, hour: digits, minute: digits },
    });
  formats.set(timeZone, format);
  return format;
}

/** What the wall clock shows, as the platform's own time zone data has it. */
export function wallAt(ms: number, timeZone: string): Wall {
  const own = walls.get(timeZone) ?? new Map<number, Wall>();
  walls.set(timeZone, own);
  const known = own.get(ms);
  if (known !== undefined) return known;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const wall = {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
    weekday: WEEKDAYS.indexOf(part('weekday')) + 1,
  };
  own.set(ms, wall);
  return wall;
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function rangesOf({ workingTimes, exceptions }: Schedule): Range[] {
  const cut = (
    hours: Pick<Schedule['workingTimes'][number], 'start' | 'end' | 'slotMinutes' | 'breakMinutes' | 'modes'>,
  ) => ({
    start: minuteOf(hours.start),
    end: minuteOf(hours.end),
    slotCells: hours.slotMinutes / 5,
    breakCells: hours.breakMinutes / 5,
    modes: hours.modes,
  });
  const usual = workingTimes.map((time) => ({ ...cut(time), isOn: (wall: Wall) => wall.weekday === time.weekday }));
  const extra = exceptions.flatMap((one) =>
    one.kind === 'extra' ? [{ ...cut(one), isOn: (wall: Wall) => wall.date === one.date }] : [],
  );
  return [...usual, ...extra];
}

function isClosed({ exceptions }: Schedule, { date, minute }: Wall): boolean {
  return exceptions.some((one) => {
    if (one.kind === 'extra' || date < one.from || date > one.to) return false;
    return one.hours === null || (minuteOf(one.hours.start) <= minute && minute < minuteOf(one.hours.end));
  });
}

function slotsOfRange(range: Range, timeZone: string, cells: readonly Cell[]): Found[] {
  const found: Found[] = [];
  let run: Cell[] = [];
  let runDate = '';
  for (const cell of cells) {
    const { wall, ms } = cell;
    const isIn = range.start <= wall.minute && wall.minute < range.end && range.isOn(wall);
    if (!isIn || wall.date !== runDate) run = [];
    runDate = wall.date;
    if (!isIn) continue;
    run.push(cell);
    // A slot is there once its last cell is: it began so many cells before.
    if ((run.length - 1) % (range.slotCells + range.breakCells) !== range.slotCells - 1) continue;
    const [first = cell, ...rest] = run.slice(-range.slotCells);
    if (first.isClosed || rest.some(({ isClosed }) => isClosed)) continue;
    const endMs = ms + CELL_MS;
    const times = { startTime: timeOf(first.wall.minute), endTime: timeOf(wallAt(endMs, timeZone).minute) };
    const { modes, start } = range;
    found.push({ startMs: first.ms, endMs, date: first.wall.date, ...times, modes, rangeStart: start });
  }
  return found;
}

/**
 * The slots of a schedule found another way than the product does: cell by cell, by looking at the clock in each of
 * them. Where ranges overlap, the slot that begins first stays; of two that begin at once, that of the earlier range.
 */
export function slotsByWalking(schedule: Schedule, fromMs: number, toMs: number): WalkedSlot[] {
  const cells: Cell[] = [];
  // Two days around, so that a day that began before is seen from its beginning.
  for (let ms = fromMs - 2 * DAY_MS; ms < toMs + 2 * DAY_MS; ms += CELL_MS) {
    const wall = wallAt(ms, schedule.timeZone);
    cells.push({ ms, wall, isClosed: isClosed(schedule, wall) });
  }
  const all = rangesOf(schedule)
    .flatMap((range) => slotsOfRange(range, schedule.timeZone, cells))
    .sort((one, other) => one.startMs - other.startMs || one.rangeStart - other.rangeStart);
  const counts = new Map<string, number>();
  const kept: WalkedSlot[] = [];
  for (const { rangeStart: _, ...slot } of all) {
    if ((kept.at(-1)?.endMs ?? -Infinity) > slot.startMs) continue;
    const slotNumber = (counts.get(slot.date) ?? 0) + 1;
    counts.set(slot.date, slotNumber);
    kept.push({ ...slot, slotNumber });
  }
  return kept.filter(({ startMs }) => fromMs <= startMs && startMs < toMs);
}
