import { formatTime } from '../i18n/format.ts';
import type { BookingFlow } from './booking-flow.svelte.ts';

/** Until when the chosen time is kept, as the clock of a zone shows it; `undefined` when it is not. */
export function keptUntil(
  { isKept, keeper }: Pick<BookingFlow<never>, 'isKept' | 'keeper'>,
  zone: string,
): string | undefined {
  return isKept ? formatTime(new Date(keeper.endsMs), { zone }) : undefined;
}
