import { Temporal } from 'temporal-polyfill';

/** A stretch of time in which a zone's clocks run evenly. */
export interface ZonePeriod {
  /** Start and end in UTC, end excluded. */
  readonly startMs: number;
  readonly endMs: number;
  /** What is added to UTC to get the wall time. */
  readonly offsetMs: number;
}

/** The periods of a zone that cover [fromMs, toMs), in order; where one ends, clocks are changed. */
export function zonePeriods(timeZone: string, fromMs: number, toMs: number): ZonePeriod[] {
  const periods: ZonePeriod[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    const endMs = Math.min(next?.epochMilliseconds ?? toMs, toMs);
    periods.push({ startMs: at.epochMilliseconds, endMs, offsetMs: at.offsetNanoseconds / 1_000_000 });
    if (next === null || endMs >= toMs) return periods;
    at = next;
  }
}
