import {
  canChange,
  ProductError,
  type Appointment,
  type AppointmentChange,
  type ChangeFacts,
} from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk } from '../appointments/appointment-news.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentViews } from '../appointments/appointment.views.ts';
import type { CallOrders } from '../appointments/call-orders.ts';
import { bothCame, changeFacts, notAllowed } from '../appointments/change-facts.ts';
import type { Database, Transaction } from '../database/database.ts';
import { requireCan } from '../policy/policy.ts';
import { ChangeAnnouncer, type AnnouncerParts } from './change-announcer.ts';
import {
  LifeCycleSteps,
  Overtaken,
  SYSTEM,
  type Changer,
  type Ending,
  type EndingChange,
  type StepParts,
} from './life-cycle-steps.ts';
import { isLeft, sideOf } from './side.ts';

/** What somebody calls off, in the version that they saw, and why. */
type CalledOff = Ending & { readonly version: number };

interface Parts extends StepParts, AnnouncerParts {
  readonly accounts: Pick<AccountRepository, 'hold'>;
  readonly database: Pick<Database, 'transaction'>;
  readonly news: AppointmentNewsDesk;
  readonly calls: CallOrders;
  readonly views: AppointmentViews;
}

/**
 * What becomes of an appointment: the one place where its status changes, by the one table of the contract. The change,
 * the time that it gives back, its audit entry, its line in the history and what people are told are one transaction.
 */
export class LifeCycleService {
  readonly #parts: Parts;
  readonly #steps: LifeCycleSteps;
  readonly #announcer: ChangeAnnouncer;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#steps = LifeCycleSteps.create(parts);
    this.#announcer = ChangeAnnouncer.create(parts);
  }

  static create(parts: Parts): LifeCycleService {
    return new LifeCycleService(parts);
  }

  /**
   * The side that has to answer agrees. A proposal takes the place of the appointment that it was made for.
   * @throws ProductError `not_found`, `forbidden`, `version_conflict`, `change_not_allowed`
   */
  async confirm(actor: Actor, id: string, version: number, comment: string): Promise<Appointment> {
    const { record, changer } = await this.#forSide(actor, id, 'confirm', version);
    const news = await this.#committed((transaction) =>
      this.#steps.agree(record, { changer, version, comment }, transaction),
    );
    return this.#parts.views.one(news.appointment, actor.accountId);
  }

  /** The side that has to answer says no. @throws ProductError as `confirm` */
  async decline(actor: Actor, id: string, version: number, reason: string): Promise<Appointment> {
    return this.#callOff(actor, id, 'decline', { version, reason });
  }

  /** One side calls it off; its time is free at once, and a call that runs ends. @throws ProductError as `confirm` */
  async cancel(actor: Actor, id: string, ending: CalledOff): Promise<Appointment> {
    return this.#callOff(actor, id, 'cancel', ending);
  }

  /** The doctor states that the two did not meet. @throws ProductError as `confirm` */
  async miss(actor: Actor, id: string, version: number): Promise<Appointment> {
    const { record, changer } = await this.#forSide(actor, id, 'miss', version);
    const news = await this.#end(record, 'miss', changer, { version });
    return this.#parts.views.one(news.appointment, actor.accountId);
  }

  /**
   * Ends the consultation for everyone: the two have met.
   * @throws ProductError `not_found`, `forbidden`, `change_not_allowed`
   */
  async complete(actor: Actor, id: string): Promise<Appointment> {
    const record = await this.#existing(id);
    requireCan(actor, 'consultation.close', record);
    try {
      const news = await this.#committed((transaction) => this.completeIn(transaction, actor, record));
      return await this.#parts.views.one(news.appointment, actor.accountId);
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'version_conflict') throw error;
      throw notAllowed(this.#factsOf(await this.#existing(id)), 'doctor');
    }
  }

  /**
   * The same as part of a larger change. Call `announce` with the result once the transaction is committed.
   * @throws ProductError `change_not_allowed`
   */
  async completeIn(transaction: Transaction, actor: Actor, record: AppointmentRecord): Promise<AppointmentNews> {
    const facts = this.#factsOf(record);
    if (!canChange(facts, 'complete', 'doctor')) throw notAllowed(facts, 'doctor');
    return this.#steps.end(record, 'complete', { by: 'doctor', actor }, {}, transaction);
  }

  /** The product's own change: nobody answered a request before its time came. @returns whether it was this call */
  async expire(record: AppointmentRecord): Promise<boolean> {
    return this.#bySystem(record, 'expire');
  }

  /**
   * The product's own change: it is over, and nobody has ended it. Where both came they met; else somebody was missing.
   * @returns whether it was this call
   */
  async endBySystem(record: AppointmentRecord): Promise<boolean> {
    return this.#bySystem(record, bothCame(record) ? 'complete' : 'miss');
  }

  /**
   * The product's own change: one of the two has left it, their account is closed or has another role. Asked again within
   * the transaction: who has come back meanwhile keeps it.
   * @returns whether it was this call
   */
  async callOffBySystem(record: AppointmentRecord, leaverId: string): Promise<boolean> {
    return this.#bySystem(record, 'cancel', async (transaction) => {
      // Of this and a change of the account at the same time, one has to begin anew and sees the other.
      const leaver = await this.#parts.accounts.hold(leaverId, transaction);
      if (leaver !== undefined && !isLeft(sideOf(record, leaverId), leaver)) throw new Overtaken();
    });
  }

  /** Tells everybody about a change that has been committed. */
  async announce(news: AppointmentNews): Promise<void> {
    await this.#announcer.announce(news);
  }

  async #callOff(actor: Actor, id: string, change: 'decline' | 'cancel', ending: CalledOff): Promise<Appointment> {
    const { record, changer } = await this.#forSide(actor, id, change, ending.version);
    const news = await this.#end(record, change, changer, ending);
    return this.#parts.views.one(news.appointment, actor.accountId);
  }

  /** @param requireDue asks within the transaction whether it is still to be done; throws `Overtaken` if not */
  async #bySystem(
    record: AppointmentRecord,
    change: 'cancel' | 'complete' | 'expire' | 'miss',
    requireDue?: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean> {
    try {
      await this.#committed(async (transaction) => {
        await requireDue?.(transaction);
        return this.#steps.end(record, change, SYSTEM, { version: record.version }, transaction);
      });
      return true;
    } catch (error) {
      // Somebody changed it meanwhile: then there is nothing to do, or it is looked at again.
      if (error instanceof ProductError && error.code === 'version_conflict') return false;
      throw error;
    }
  }

  #end(record: AppointmentRecord, change: EndingChange, changer: Changer, facts: Ending): Promise<AppointmentNews> {
    return this.#committed((transaction) => this.#steps.end(record, change, changer, facts, transaction));
  }

  /** Runs the transaction of a change and tells about it. */
  async #committed(work: (transaction: Transaction) => Promise<AppointmentNews>): Promise<AppointmentNews> {
    try {
      const news = await this.#parts.database.transaction(work);
      await this.announce(news);
      return news;
    } catch (error) {
      throw error instanceof Overtaken ? new ProductError('version_conflict') : error;
    }
  }

  /** What one side wants to change, if it may and has seen the latest version. */
  async #forSide(
    actor: Actor,
    id: string,
    change: AppointmentChange,
    version: number,
  ): Promise<{ record: AppointmentRecord; changer: Changer }> {
    const record = await this.#existing(id);
    requireCan(actor, 'appointment.change', record);
    const by = sideOf(record, actor.accountId);
    const facts = this.#factsOf(record, await this.#replacedBy(record));
    if (!canChange(facts, change, by)) throw notAllowed(facts, by);
    if (record.version !== version) throw new ProductError('version_conflict');
    return { record, changer: { by, actor } };
  }

  #factsOf(record: AppointmentRecord, replaces?: AppointmentRecord): ChangeFacts {
    return changeFacts(record, this.#parts.clock.now(), replaces);
  }

  /** What a proposal would replace. */
  async #replacedBy({ replacesId, status }: AppointmentRecord): Promise<AppointmentRecord | undefined> {
    return replacesId !== null && status === 'pending' ? this.#parts.appointments.byId(replacesId) : undefined;
  }

  async #existing(id: string): Promise<AppointmentRecord> {
    const record = await this.#parts.appointments.byId(id);
    if (record === undefined) throw new ProductError('not_found');
    return record;
  }
}
