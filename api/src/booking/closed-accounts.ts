import { canChange, type Side } from '@health-connect/contract';
import type { AccountLifecycleRepository, LeavingAccount } from '../accounts/account-lifecycle.repository.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { changeFacts } from '../appointments/change-facts.ts';
import type { Clock } from '../clock.ts';
import { eachApart } from '../jobs/each-apart.ts';
import type { Logger } from '../logging/logger.ts';
import type { LifeCycleService } from './life-cycle.service.ts';

/** So many accounts, and appointments of each, at a time; the rest is next round's. */
const ACCOUNTS = 20;
const BATCH = 100;

interface Parts {
  readonly lifecycle: Pick<AccountLifecycleRepository, 'leaving' | 'left'>;
  readonly appointments: Pick<AppointmentRepository, 'activeOfSides'>;
  readonly lifeCycle: Pick<LifeCycleService, 'callOffBySystem'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const SIDES: readonly Side[] = ['doctor', 'patient'];

/** The sides on which nobody would come. */
const leftSidesOf = ({ role, isClosed }: LeavingAccount): readonly Side[] =>
  isClosed ? SIDES : SIDES.filter((side) => side !== role);

/**
 * Calls off what is to come of accounts that were closed, or got another role: nobody would come. Of an account that is
 * open, that is only what it has on the sides that its role does not take; what it has in its role stands. On a side that
 * is called off nothing new can be booked meanwhile (`AppointmentMaker` holds both accounts and asks for their roles), so
 * a round that finds nothing has found all. Safe to run in several processes at once, and to be cut off at any point: an
 * account is done only once nothing is left.
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
    const { lifecycle, logger } = this.#parts;
    const leaving = await lifecycle.leaving(ACCOUNTS);
    await eachApart(leaving, logger, async (account) => {
      if (await this.#callOffAllOf(account)) await lifecycle.left(account);
    });
  }

  /** @returns whether nothing is left */
  async #callOffAllOf(account: LeavingAccount): Promise<boolean> {
    const { appointments, lifeCycle, clock, logger } = this.#parts;
    const now = clock.now();
    const active = await appointments.activeOfSides(account.id, leftSidesOf(account), new Date(now), BATCH);
    // What both came to already ends as every visit does.
    const toCallOff = active.filter((record) => canChange(changeFacts(record, now), 'cancel', 'system'));
    const failed = await eachApart(toCallOff, logger, (record) => lifeCycle.callOffBySystem(record));
    return failed === 0 && active.length < BATCH;
  }
}
