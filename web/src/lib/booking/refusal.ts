import { ProductError, type OfferedSlot, type Party } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** Why a time could not be had, in calm words, and which other times are free. */
export interface TimeRefusal {
  readonly text: string;
  readonly offers: readonly OfferedSlot[];
  /** Whether the time itself is gone; else the person may send the same again, changed. */
  readonly timeIsGone: boolean;
}

/**
 * The words for a refused time; `undefined` for errors that are not about the time.
 * @param reader who wanted it, and reads them
 */
export function timeRefusalOf(error: unknown, reader: Party = 'patient'): TimeRefusal | undefined {
  if (!(error instanceof ProductError)) return undefined;
  const offers = error.offers ?? [];
  const gone = (text: string): TimeRefusal => ({ text, offers, timeIsGone: true });
  switch (error.code) {
    case 'slot_unavailable':
      return gone(offers.length === 0 ? m['book.takenNoOffers']() : m['book.taken']());
    case 'patient_busy':
      return gone(reader === 'patient' ? m['book.busy']() : m['book.patientBusy']());
    case 'slot_unknown':
    case 'slot_too_far':
      return gone(m['book.gone']());
    case 'slot_too_soon':
      return gone(m['book.tooSoon']());
    case 'hold_kept_enough':
      return gone(m['book.keptEnough']());
    case 'too_many_open':
      return { text: m['book.tooManyOpen'](), offers, timeIsGone: false };
    case 'mode_unavailable':
      return { text: m['book.modeGone'](), offers, timeIsGone: false };
    case 'idempotency_mismatch':
      return { text: m['book.bookedBefore'](), offers, timeIsGone: false };
    default:
      return undefined;
  }
}
