import { z } from 'zod';

/** Id of a stored document: a MongoDB ObjectId as 24 lower-case hexadecimal digits. */
export const documentIdSchema = z.string().regex(/^[0-9a-f]{24}$/);

/** Id of a peer, chosen by `api` when it mints a join token: unique per join. */
export const peerIdSchema = z.uuid();

/** Id that mediasoup gives to a transport, producer or consumer. */
export const mediaObjectIdSchema = z.uuid();

/** An instant in UTC, ISO 8601 with milliseconds and `Z`. */
export const instantSchema = z.iso.datetime();

/** An IANA time zone name, such as `Europe/Berlin`. Dates can be reckoned in every zone that this lets through. */
export const timeZoneSchema = z.string().max(64).refine(isTimeZone, { error: 'Unknown time zone' });

/**
 * Short names that runtimes know beside IANA's, and that Temporal refuses: `IST` is the time of India, Ireland or
 * Israel. IANA's own short names that end like them are named here.
 */
const AMBIGUOUS_NAME = /^(?!(?:ce|ee|es|gm|hs|me|ms|uc|we)t$)[a-z]{2}t$/i;

const MOST_KNOWN_ZONES = 1000;
/** Zones that exist, as far as they were asked for: asking the runtime costs more than all else in an appointment. */
const knownZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (AMBIGUOUS_NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  } catch {
    return false;
  }
  // Only what exists is remembered: some hundred names, however many are tried. Case is the runtime's to judge.
  if (knownZones.size < MOST_KNOWN_ZONES) knownZones.add(name);
  return true;
}
