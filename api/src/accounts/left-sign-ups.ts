import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { eachApart } from '../jobs/each-apart.ts';
import type { Logger } from '../logging/logger.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import { LINK_PURPOSES } from './link-token.model.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import { removeUnconfirmed } from './new-account.ts';

/** How long a sign-up is kept whose address nobody confirms: it may be of somebody who knows nothing of it. */
export const UNCONFIRMED_LIFETIME_MS = 30 * 24 * 60 * 60_000;
/** So many are looked at at a time. */
const BATCH = 100;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly lifecycle: AccountLifecycleRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly links: LinkTokenRepository;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Forgets sign-ups that were never confirmed. Safe to run in several processes at once, and to be cut off at any point. */
export class LeftSignUps {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): LeftSignUps {
    return new LeftSignUps(parts);
  }

  async forget(): Promise<void> {
    const { lifecycle, clock, logger } = this.#parts;
    const before = new Date(clock.now() - UNCONFIRMED_LIFETIME_MS);
    for (;;) {
      const found = await lifecycle.unconfirmedSince(before, BATCH);
      const failed = await eachApart(found, logger, ({ id }) => this.#forget(id));
      if (found.length < BATCH || failed > 0) return;
    }
  }

  async #forget(id: string): Promise<void> {
    const { database, lifecycle, audit } = this.#parts;
    await database.transaction(async (transaction) => {
      const account = await lifecycle.byId(id, transaction);
      // Confirmed, or signed up with anew, in this moment.
      if (account?.status !== 'unconfirmed') return;
      await removeUnconfirmed(this.#parts, account, LINK_PURPOSES, transaction);
      const facts = { action: 'remove', resource: 'account', resourceId: id, detail: 'never_confirmed' } as const;
      await audit.recordIn(transaction, undefined, facts);
    });
  }
}
