import type { Transaction } from '../database/database.ts';
import { requireCan } from '../policy/policy.ts';
import type { AccountRepository } from './account.repository.ts';
import type { Actor } from './actor.ts';

/**
 * Makes sure, in the transaction of the change, that who acts is still an active administrator. Of two who close each
 * other's accounts at the same moment one is too late, so that there is always an administrator left.
 * @throws ProductError `forbidden`
 */
export async function requireActing(
  accounts: Pick<AccountRepository, 'hold'>,
  actor: Actor,
  transaction: Transaction,
): Promise<void> {
  const held = await accounts.hold(actor.accountId, transaction);
  requireCan(
    { ...actor, status: held?.status ?? 'disabled', role: held?.role ?? actor.role },
    'accounts.administer',
    undefined,
  );
}
