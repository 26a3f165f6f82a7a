import { type Account, profileEndpoints, timeZoneSchema } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';

/**
 * Tells the server the zone of this browser where it is not the one that is stored: mails tell times in it. Silent, and
 * never throws: it is told again with the next page.
 */
export async function tellTimeZone(
  call: ApiCall,
  { timeZone: stored }: Pick<Account, 'timeZone'>,
  current: string = Intl.DateTimeFormat().resolvedOptions().timeZone,
): Promise<void> {
  const { data: timeZone } = timeZoneSchema.safeParse(current);
  if (timeZone === undefined || timeZone === stored) return;
  await call(profileEndpoints.saveTimeZone, { body: { timeZone } }).catch(() => undefined);
}
