import { canChange, sideSchema } from '@health-connect/contract';
import type { AccountLifecycleRepository, LeavingAccount } from '../accounts/account-lifecycle.repository.ts';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { changeFacts } from '../appointments/change-facts.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { eachApart } from '../jobs/each-apart.ts';
import type { Logger } from '../logging/logger.ts';
import type { LifeCycleService } from './life-cycle.service.ts';
import { isLeft } from './side.ts';

/** So many accounts, and appointments of each, at a time; the rest is next round's. */
const ACCOUNTS = 20;
const BATCH = 100;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: Pick<AccountRepository, 'hold'>;
  readonly lifecycle: Pick<AccountLifecycleRepository, 'leaving' | 'left'>;
  readonly appointments: Pick<AppointmentRepository, 'activeOfSides' | 'hasOffer'>;
  readonly lifeCycle: Pick<LifeCycleService, 'callOffBySystem'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is to be called off of an account. */
interface Remaining {
  readonly toCallOff: readonly AppointmentRecord[];
  /** Whether there may be more. */
  readonly isMore: boolean;
}

const leftSidesOf = (account: LeavingAccount) => sideSchema.options.filter((side) => isLeft(side, account));

/**
 * Calls off what is to come of accounts that were closed, or got another role: nobody would come. Of an account that is
 * open, that is only what it has on the sides that its role does not take; what it has in its role stands. Whether a side
 * is left is asked again with each appointment, within its transaction: an account that gets its role back meanwhile
 * keeps the rest. An account is done only once a transaction that holds it finds nothing left; on a side that is left
 * nothing new can be booked (`AppointmentMaker` holds both accounts and asks for their roles). Safe to run in several
 * processes at once, and to be cut off at any point.
 */
export class ClosedAccounts {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ClosedAccounts {
    return new ClosedAccounts(parts);
  }

  async callOff(): Promise<void> {
    const { lifecycle, lifeCycle, logger } = this.#parts;
    await eachApart(await lifecycle.leaving(ACCOUNTS), logger, async (account) => {
      const { toCallOff, isMore } = await this.#remaining(account);
      const failed = await eachApart(toCallOff, logger, (record) => lifeCycle.callOffBySystem(record, account.id));
      if (failed === 0 && !isMore) await this.#finish(account.id);
    });
  }

  /** The account is done, if nothing is left of it as it is now. */
  #finish(accountId: string): Promise<void> {
    const { database, accounts, lifecycle, appointments, clock } = this.#parts;
    return database.transaction(async (transaction) => {
      const account = await accounts.hold(accountId, transaction);
      if (account === undefined) return;
      const { toCallOff, isMore } = await this.#remaining(account, transaction);
      if (toCallOff.length > 0 || isMore) return;
      const now = new Date(clock.now());
      if (await appointments.hasOffer(accountId, leftSidesOf(account), now, transaction)) return;
      await lifecycle.left(accountId, transaction);
    });
  }

  async #remaining(account: LeavingAccount, transaction?: Transaction): Promise<Remaining> {
    const { appointments, clock } = this.#parts;
    const now = clock.now();
    const sides = leftSidesOf(account);
    const active = await appointments.activeOfSides(account.id, sides, new Date(now), BATCH, transaction);
    // What both came to already ends as every visit does.
    const toCallOff = active.filter((record) => canChange(changeFacts(record, now), 'cancel', 'system'));
    return { toCallOff, isMore: active.length === BATCH };
  }
}
