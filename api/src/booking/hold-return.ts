import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';
import type { ClaimRepository } from './claim.repository.ts';
import type { KeptTimeRepository } from './kept-time.repository.ts';
import { claimsOf, type HoldRecord, type HoldRepository } from './hold.repository.ts';

interface Stores {
  readonly holds: Pick<HoldRepository, 'of' | 'remove'>;
  readonly claims: Pick<ClaimRepository, 'release'>;
  readonly keptTimes: Pick<KeptTimeRepository, 'count'>;
  readonly clock: Clock;
}

/** Gives back what somebody has chosen, and the time of both that it has claimed. */
export async function returnHold(
  { holds, claims, keptTimes, clock }: Stores,
  hold: HoldRecord,
  transaction: Transaction,
): Promise<void> {
  const now = new Date(clock.now());
  const unusedMs = hold.expiresAt.getTime() - now.getTime();
  // What has ended by itself is used up.
  if (unusedMs > 0) await keptTimes.count(hold, -unusedMs, now, now, transaction);
  await claims.release(claimsOf(hold), transaction);
  await holds.remove(hold, transaction);
}

/**
 * Gives back other times that either side has chosen for an appointment: it is over, so it cannot move there any more.
 * @returns what is free again
 */
export async function returnMovesOf(
  stores: Stores,
  appointment: { readonly id: string; readonly doctorId: string; readonly patientId: string },
  transaction: Transaction,
): Promise<HoldRecord[]> {
  const returned: HoldRecord[] = [];
  for (const accountId of [appointment.doctorId, appointment.patientId]) {
    const hold = await stores.holds.of(accountId, transaction);
    if (hold?.movesId !== appointment.id) continue;
    await returnHold(stores, hold, transaction);
    returned.push(hold);
  }
  return returned;
}
