import {
  canChange,
  ProductError,
  type Appointment,
  type AppointmentChange,
  type AppointmentEvent,
  type ChangeFacts,
  type Outcome,
  type Side,
} from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk, FreedTime } from '../appointments/appointment-news.ts';
import { publishAppointmentChange } from '../appointments/appointment.publish.ts';
import type {
  AppointmentRecord,
  AppointmentRepository,
  AppointmentUpdate,
} from '../appointments/appointment.repository.ts';
import type { AppointmentViews } from '../appointments/appointment.views.ts';
import { bothCame, changeFacts, notAllowed } from '../appointments/change-facts.ts';
import type { CallOrders } from '../appointments/call-orders.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import { claimAppointment, releaseAppointment } from './claim-appointment.ts';
import type { ClaimRepository } from './claim.repository.ts';
import { returnMovesOf } from './hold-return.ts';
import type { HoldRepository } from './hold.repository.ts';
import type { KeptTimeRepository } from './kept-time.repository.ts';
import { sideOf } from './side.ts';
import type { Succession } from './succession.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: AppointmentRepository;
  readonly claims: ClaimRepository;
  readonly holds: HoldRepository;
  readonly keptTimes: KeptTimeRepository;
  readonly views: AppointmentViews;
  readonly calls: CallOrders;
  readonly news: AppointmentNewsDesk;
  readonly slotNews: SlotNews;
  readonly succession: Succession;
  readonly audit: Audit;
  readonly events: EventPublisher;
  readonly clock: Clock;
}

/** Who changes an appointment: one of its sides, or the product itself. */
interface Changer {
  readonly by: Side | 'system';
  readonly actor: Actor | undefined;
}

const SYSTEM: Changer = { by: 'system', actor: undefined };

/** The appointment was changed between reading and writing it. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * What becomes of an appointment: the one place where its status changes, by the one table of the contract. The change,
 * the time that it gives back, its audit entry, its line in the history and what people are told are one transaction.
 */
export class LifeCycleService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
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
    const news = await this.#committed(async (transaction) => {
      const { succession } = this.#parts;
      const replaced = await this.#endReplaced(record, transaction);
      const said = changer.by === 'doctor' ? comment : '';
      const set =
        replaced === undefined
          ? { comment: said === '' ? record.comment : said }
          : await succession.facts(record.id, replaced, said, transaction);
      const event = this.#event(replaced === undefined ? 'confirm' : 'move', changer, comment, replaced?.startsAt);
      let after = await this.#apply(record, 'confirm', changer, { version, set, event }, transaction);
      if (replaced !== undefined) {
        await this.#takeOver(after, transaction);
        after = await succession.moveNote(replaced, after, actor, transaction);
      }
      const told: AppointmentNews = {
        change: 'confirm',
        by: changer.by,
        appointment: after,
        ...(replaced === undefined ? {} : { replaced, freed: await returnMovesOf(this.#parts, replaced, transaction) }),
      };
      await this.#parts.news.write(told, transaction);
      return told;
    });
    return this.#parts.views.one(news.appointment, actor.accountId);
  }

  /** The side that has to answer says no. @throws ProductError as `confirm` */
  async decline(actor: Actor, id: string, version: number, reason: string): Promise<Appointment> {
    return this.#callOff(actor, id, 'decline', version, reason);
  }

  /** One side calls it off; its time is free at once, and a call that runs ends. @throws ProductError as `confirm` */
  async cancel(actor: Actor, id: string, version: number, reason: string): Promise<Appointment> {
    return this.#callOff(actor, id, 'cancel', version, reason);
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
    return this.#endIn(record, 'complete', { by: 'doctor', actor }, {}, transaction);
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

  /** The product's own change: the account of one of the two was closed. @returns whether it was this call */
  async callOffBySystem(record: AppointmentRecord): Promise<boolean> {
    return this.#bySystem(record, 'cancel');
  }

  /** Tells everybody about a change that has been committed. */
  async announce(news: AppointmentNews): Promise<void> {
    const { events, slotNews, calls, clock } = this.#parts;
    for (const one of [news.appointment, news.replaced, news.withdrawn, news.standing]) {
      if (one !== undefined) publishAppointmentChange(events, one);
    }
    for (const { doctorId, startsAt, endsAt } of timesChangedBy(news)) {
      // What is over is neither free nor taken.
      if (endsAt.getTime() > clock.now()) slotNews.changed(doctorId, startsAt, endsAt);
    }
    this.#parts.news.announce(news);
    for (const one of [news.appointment, ...(news.replaced === undefined ? [] : [news.replaced])]) {
      if (one.closedAt !== null) await calls.deliver(one.id);
    }
  }

  async #callOff(
    actor: Actor,
    id: string,
    change: 'decline' | 'cancel',
    version: number,
    reason: string,
  ): Promise<Appointment> {
    const { record, changer } = await this.#forSide(actor, id, change, version);
    const news = await this.#end(record, change, changer, { version, reason });
    return this.#parts.views.one(news.appointment, actor.accountId);
  }

  async #bySystem(record: AppointmentRecord, change: 'cancel' | 'complete' | 'expire' | 'miss'): Promise<boolean> {
    try {
      await this.#end(record, change, SYSTEM, { version: record.version });
      return true;
    } catch (error) {
      // Somebody changed it meanwhile: then there is nothing to do, or it is looked at again.
      if (error instanceof ProductError && error.code === 'version_conflict') return false;
      throw error;
    }
  }

  #end(
    record: AppointmentRecord,
    change: EndingChange,
    changer: Changer,
    facts: { readonly version?: number; readonly reason?: string },
  ): Promise<AppointmentNews> {
    return this.#committed((transaction) => this.#endIn(record, change, changer, facts, transaction));
  }

  async #endIn(
    record: AppointmentRecord,
    change: EndingChange,
    changer: Changer,
    { version, reason = '' }: { readonly version?: number; readonly reason?: string },
    transaction: Transaction,
  ): Promise<AppointmentNews> {
    const { claims, calls, news } = this.#parts;
    const at = new Date(this.#parts.clock.now());
    const called = change === 'complete' || change === 'miss' ? null : { change, by: changer.by, reason, at };
    const set = { ending: called, outcome: OUTCOME_OF[change], closedAt: at };
    const event = this.#event(change, changer, reason);
    const after = await this.#apply(record, change, changer, { version, set, event }, transaction);
    await releaseAppointment(claims, record, transaction);
    await calls.orderClose(record.id, transaction);
    const proposal = await this.#parts.appointments.openProposalFor(record, transaction);
    const stands = change === 'expire' && proposal !== undefined && proposal.startsAt > at;
    const standing = stands ? await this.#letStand(proposal, transaction) : undefined;
    const withdrawn = stands ? undefined : await this.#endProposal(proposal, transaction);
    const told: AppointmentNews = {
      change,
      by: changer.by,
      appointment: after,
      freed: await returnMovesOf(this.#parts, record, transaction),
      ...(withdrawn === undefined ? {} : { withdrawn }),
      ...(standing === undefined ? {} : { standing }),
    };
    await news.write(told, transaction);
    if (standing !== undefined) {
      const by = standing.proposedBy ?? 'system';
      await news.write({ change: 'propose', by, appointment: standing }, transaction);
    }
    return told;
  }

  /** What was offered instead of a request that nobody answered in time is an offer still: it waits for its own answer. */
  async #letStand(proposal: AppointmentRecord, transaction: Transaction): Promise<AppointmentRecord> {
    const { appointments, audit } = this.#parts;
    const after = await appointments.standAlone(proposal, transaction);
    if (after === undefined) throw new Overtaken();
    await this.#takeOver(after, transaction);
    const { id: resourceId, patientId } = after;
    const entry = { action: 'change', resource: 'appointment', resourceId, patientId } as const;
    await audit.recordIn(transaction, undefined, { ...entry, detail: 'appointment_stand' });
    return after;
  }

  /** A proposal makes no sense any more once what it would replace is over. */
  async #endProposal(
    proposal: AppointmentRecord | undefined,
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    if (proposal === undefined) return undefined;
    const at = new Date(this.#parts.clock.now());
    const set = { ending: { change: 'expire', by: 'system', reason: '', at }, closedAt: at } as const;
    const event = this.#event('expire', SYSTEM, '');
    const after = await this.#apply(proposal, 'expire', SYSTEM, { set, event }, transaction);
    await releaseAppointment(this.#parts.claims, proposal, transaction);
    return after;
  }

  /** Ends the appointment whose place a proposal takes. @returns it as it is then, `undefined` without one */
  async #endReplaced(proposal: AppointmentRecord, transaction: Transaction): Promise<AppointmentRecord | undefined> {
    const { appointments, claims, calls } = this.#parts;
    if (proposal.replacesId === null) return undefined;
    const replaced = await appointments.byId(proposal.replacesId, transaction);
    if (replaced === undefined) throw new ProductError('not_found');
    const set = { movedToId: proposal.id, closedAt: new Date(this.#parts.clock.now()) };
    const event = this.#event('move', SYSTEM, '');
    const after = await this.#apply(replaced, 'move', SYSTEM, { set, event }, transaction);
    await releaseAppointment(claims, replaced, transaction);
    await calls.orderClose(replaced.id, transaction);
    return after;
  }

  /** Cells that both have used belong to the new appointment alone now. */
  async #takeOver(after: AppointmentRecord, transaction: Transaction): Promise<void> {
    const { claims, clock } = this.#parts;
    await releaseAppointment(claims, after, transaction);
    await claimAppointment(claims, after, new Date(clock.now()), transaction);
  }

  async #apply(
    record: AppointmentRecord,
    change: AppointmentChange,
    changer: Changer,
    update: AppointmentUpdate,
    transaction: Transaction,
  ): Promise<AppointmentRecord> {
    const { appointments, audit } = this.#parts;
    const after = await appointments.change(record, change, update, transaction);
    if (after === undefined) throw new Overtaken();
    await audit.recordIn(transaction, changer.actor, {
      action: 'change',
      resource: 'appointment',
      resourceId: record.id,
      patientId: record.patientId,
      detail: `appointment_${change}`,
    });
    return after;
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

  #event(change: AppointmentEvent['change'], { by }: Changer, comment: string, fromStartsAt?: Date) {
    return { change, by, at: new Date(this.#parts.clock.now()), fromStartsAt: fromStartsAt ?? null, comment };
  }
}

/** Whose time became taken or free: what is confirmed was taken before. */
function timesChangedBy({ change, appointment, replaced, withdrawn, freed = [] }: AppointmentNews): FreedTime[] {
  const ended = [replaced, withdrawn].filter((one) => one !== undefined);
  return [...(change === 'confirm' ? [] : [appointment]), ...ended, ...freed];
}

/** Changes that end an appointment for good. */
type EndingChange = Exclude<AppointmentChange, 'confirm' | 'move'>;

const OUTCOME_OF: Readonly<Record<EndingChange, Outcome | null>> = {
  complete: 'met',
  miss: 'missed',
  decline: null,
  cancel: null,
  expire: null,
};
