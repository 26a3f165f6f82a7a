import type { AppointmentChange, AppointmentEvent, CancelReason, Outcome, Side } from '@health-connect/contract';
import { ProductError } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk } from '../appointments/appointment-news.ts';
import type { AppointmentRecord, AppointmentUpdate } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { CallOrders } from '../appointments/call-orders.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';
import { claimAppointment, releaseAppointment } from './claim-appointment.ts';
import type { ClaimRepository } from './claim.repository.ts';
import { returnMovesOf } from './hold-return.ts';
import type { HoldRepository } from './hold.repository.ts';
import type { KeptTimeRepository } from './kept-time.repository.ts';
import { together, type Succession } from './succession.ts';

export interface StepParts {
  readonly appointments: AppointmentRepository;
  readonly claims: ClaimRepository;
  readonly holds: HoldRepository;
  readonly keptTimes: KeptTimeRepository;
  readonly calls: Pick<CallOrders, 'orderClose'>;
  readonly news: Pick<AppointmentNewsDesk, 'write'>;
  readonly succession: Succession;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Who changes an appointment: one of its sides, or the product itself. */
export interface Changer {
  readonly by: Side | 'system';
  readonly actor: Actor | undefined;
}

export const SYSTEM: Changer = { by: 'system', actor: undefined };

/** The appointment was changed between reading and writing it. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Changes that end an appointment for good. */
export type EndingChange = Exclude<AppointmentChange, 'confirm' | 'move'>;

const OUTCOME_OF: Readonly<Record<EndingChange, Outcome | null>> = {
  complete: 'met',
  miss: 'missed',
  decline: null,
  cancel: null,
  expire: null,
};

interface Agreement {
  readonly changer: Changer;
  readonly version: number;
  readonly comment: string;
}

/** How something ends: the version that it was seen in (without one, any), and why. */
export interface Ending {
  readonly version?: number;
  readonly reason?: string | undefined;
  readonly reasonKind?: CancelReason | null | undefined;
}

/**
 * What a change of status writes, within one transaction: the change, the time that it gives back, its audit entry, its
 * line in the history, and what people are told. Throws `Overtaken` when the appointment was changed meanwhile.
 */
export class LifeCycleSteps {
  readonly #parts: StepParts;

  private constructor(parts: StepParts) {
    this.#parts = parts;
  }

  static create(parts: StepParts): LifeCycleSteps {
    return new LifeCycleSteps(parts);
  }

  /** The side that has to answer has agreed. A proposal takes the place of the appointment that it was made for. */
  async agree(
    record: AppointmentRecord,
    { changer, version, comment }: Agreement,
    transaction: Transaction,
  ): Promise<AppointmentNews> {
    const { succession } = this.#parts;
    const replaced = await this.#endReplaced(record, transaction);
    const said = changer.by === 'doctor' ? comment : '';
    const set =
      replaced === undefined
        ? { comment: together([record.comment, said]) }
        : await succession.facts(record.id, replaced, said, transaction);
    const event = this.#event(replaced === undefined ? 'confirm' : 'move', changer, comment, replaced?.startsAt);
    let after = await this.#apply(record, 'confirm', changer, { version, set, event }, transaction);
    if (replaced !== undefined) {
      await this.#takeOver(after, transaction);
      after = await succession.moveNote(replaced, after, changer.actor, transaction);
    }
    const told: AppointmentNews = {
      change: 'confirm',
      by: changer.by,
      appointment: after,
      ...(replaced === undefined ? {} : { replaced, freed: await returnMovesOf(this.#parts, replaced, transaction) }),
    };
    await this.#parts.news.write(told, transaction);
    return told;
  }

  /** It ends, with what depends on it. */
  async end(
    record: AppointmentRecord,
    change: EndingChange,
    changer: Changer,
    { version, reason = '', reasonKind = null }: Ending,
    transaction: Transaction,
  ): Promise<AppointmentNews> {
    const { claims, calls, news } = this.#parts;
    const at = new Date(this.#parts.clock.now());
    const isCalledOff = change !== 'complete' && change !== 'miss';
    const called = isCalledOff ? { change, by: changer.by, reason, reasonKind, at } : null;
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
    const set = { ending: { change: 'expire', by: 'system', reason: '', reasonKind: null, at }, closedAt: at } as const;
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

  #event(change: AppointmentEvent['change'], { by }: Changer, comment: string, fromStartsAt?: Date) {
    return { change, by, at: new Date(this.#parts.clock.now()), fromStartsAt: fromStartsAt ?? null, comment };
  }
}
