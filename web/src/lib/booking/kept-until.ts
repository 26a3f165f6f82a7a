import { formatTime } from '../i18n/format.ts';
import type { HoldKeeper } from './hold-keeper.svelte.ts';

/**
 * Until when a time is kept, as the clock of the device shows it: it is minutes away, so the person looks at that one, in
 * whatever zone they look at appointments.
 */
export function keptUntil({ endsMs }: Pick<HoldKeeper, 'endsMs'>): string {
  return formatTime(new Date(endsMs));
}
