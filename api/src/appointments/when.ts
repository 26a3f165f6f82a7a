import { Temporal } from 'temporal-polyfill';

/** How people call a zone: by its city. `Europe/Berlin` is "Berlin time". */
function nameOf(timeZone: string): string {
  const [area = timeZone, ...rest] = timeZone.split('/');
  const city = rest.at(-1);
  if (city === undefined || area === 'Etc') return (city ?? area).replaceAll('_', ' ');
  return `${city.replaceAll('_', ' ')} time`;
}

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
}

const clock = (time: Temporal.ZonedDateTime): string => time.toPlainTime().toString({ smallestUnit: 'minute' });

/** Put together here: where the comma stands differs between versions of the language data. */
function day(instant: Date, timeZone: string): string {
  const inWords = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(instant);
  return `${inWords({ weekday: 'long' })}, ${inWords({ day: 'numeric', month: 'long', year: 'numeric' })}`;
}

/** A time in words, in one zone: "Tuesday, 3 March 2026, 10:30 to 10:50, Berlin time (UTC+01:00)". */
export function timeInWords(startsAt: Date, endsAt: Date, timeZone: string): string {
  const [start, end] = [zoned(startsAt, timeZone), zoned(endsAt, timeZone)];
  const zone = timeZone === 'UTC' ? timeZone : `${nameOf(timeZone)} (UTC${start.offset})`;
  return `${day(startsAt, timeZone)}, ${clock(start)} to ${clock(end)}, ${zone}`;
}

/**
 * A time in words for somebody: in the zone in which the appointment was made, and in their own where that is known and
 * shows another time.
 */
export function timeLines(
  { startsAt, endsAt, timeZone }: { startsAt: Date; endsAt: Date; timeZone: string },
  ownZone: string | undefined,
): string[] {
  const made = timeInWords(startsAt, endsAt, timeZone);
  if (ownZone === undefined) return [made];
  const sameOffset = zoned(startsAt, timeZone).offsetNanoseconds === zoned(startsAt, ownZone).offsetNanoseconds;
  return sameOffset ? [made] : [made, `In your time zone: ${timeInWords(startsAt, endsAt, ownZone)}`];
}
