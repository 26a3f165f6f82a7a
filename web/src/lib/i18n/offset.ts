const MINUTE_MS = 60_000;
/** No clock is put back by more. */
const LONGEST_CHANGE_MS = 3 * 60 * MINUTE_MS;

/** One formatter for each zone: making one costs more than many uses. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** How far a zone's wall time is ahead of UTC at an instant, in minutes. */
export function offsetMinutes(zone: string, instant: Date): number {
  const parts = formatOf(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((each) => each.type === type)?.value ?? Number.NaN);
  const wallMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((wallMs - instant.getTime()) / MINUTE_MS);
}

/** The instant of noon on a date in a zone. */
export function noonIn(zone: string, date: string): Date {
  const noon = new Date(`${date}T12:00:00Z`);
  // Clocks change at night: what holds within a day of noon there holds at noon.
  const guess = new Date(noon.getTime() - offsetMinutes(zone, noon) * MINUTE_MS);
  return new Date(noon.getTime() - offsetMinutes(zone, guess) * MINUTE_MS);
}

/**
 * Where the clock shows the same time twice because it is put back: whether an instant is the first or the second of the two.
 * @returns `undefined` for every other time
 */
export function repeatedTime(zone: string, instant: Date): 'before' | 'after' | undefined {
  const at = (ms: number): number => offsetMinutes(zone, new Date(ms));
  const ms = instant.getTime();
  const [earlier, now, later] = [at(ms - LONGEST_CHANGE_MS), at(ms), at(ms + LONGEST_CHANGE_MS)];
  if (later < now && at(ms + (now - later) * MINUTE_MS) === later) return 'before';
  if (now < earlier && at(ms - (earlier - now) * MINUTE_MS) === earlier) return 'after';
  return undefined;
}
