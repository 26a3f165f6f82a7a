import { ProductError, type Appointment, type AppointmentMode, type Side } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk, FreedTime } from '../appointments/appointment-news.ts';
import type {
  AppointmentRecord,
  AppointmentRepository,
  NewAppointment,
} from '../appointments/appointment.repository.ts';
import type { AppointmentViews } from '../appointments/appointment.views.ts';
import type { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { AvailabilityService, FoundSlot } from '../availability/availability.service.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { requireCan } from '../policy/policy.ts';
import { BookingKey, type BookingKeyRepository } from './booking-key.repository.ts';
import { claimAppointment } from './claim-appointment.ts';
import { TimeTaken, type ClaimRepository } from './claim.repository.ts';
import { returnHold } from './hold-return.ts';
import { keptAt, type HoldRepository } from './hold.repository.ts';
import type { KeptTimeRepository } from './kept-time.repository.ts';
import type { LifeCycleService } from './life-cycle.service.ts';
import { requireRoom } from './open-visits.ts';
import { requireAnotherTime, requireFollowable, requireMovable } from './next-visit.ts';
import { sideOf } from './side.ts';
import type { TakenOffers } from './taken-offers.ts';

/** A slot as the doctor's wall clock shows it. */
interface WallTime {
  readonly date: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly startsAt?: string | undefined;
}

/** What is asked for. */
export type WantedVisit = WallTime & {
  readonly mode: AppointmentMode;
  readonly reason: string;
  readonly idempotencyKey: string;
};
export type WantedMove = WallTime & {
  readonly comment: string;
  readonly version: number;
  readonly idempotencyKey: string;
};

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: AppointmentRepository;
  readonly relations: CareRelationRepository;
  readonly accounts: Pick<AccountRepository, 'hold'>;
  readonly doctors: DoctorRepository;
  readonly claims: ClaimRepository;
  readonly holds: HoldRepository;
  readonly keptTimes: KeptTimeRepository;
  readonly keys: BookingKeyRepository;
  readonly availability: AvailabilityService;
  readonly offers: TakenOffers;
  readonly lifeCycle: Pick<LifeCycleService, 'announce'>;
  readonly views: AppointmentViews;
  readonly news: AppointmentNewsDesk;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** A new appointment on its way into the database. */
interface Draft {
  readonly actor: Actor;
  readonly by: Side;
  readonly change: 'request' | 'book' | 'propose';
  readonly key: BookingKey;
  readonly found: FoundSlot;
  readonly facts: Pick<NewAppointment, 'doctorId' | 'patientId' | 'status' | 'mode' | 'reason'> &
    Partial<NewAppointment>;
  readonly comment: string;
  /** For a proposal: what it would replace, which notes it in its history. */
  readonly original?: { readonly record: AppointmentRecord; readonly version: number };
}

/** The doctor's hours were changed between looking and booking. */
class ScheduleMoved extends Error {
  override readonly name = 'ScheduleMoved';
}

const PATIENT_IS_GONE = 'The account of this patient is closed: nothing can be booked for them.';

/** How often a booking looks again when the doctor's hours change under it. */
const LOOKS = 5;

const instantOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/**
 * Makes appointments (R42). Time is claimed in the transaction of the appointment, cell by cell, under a unique index:
 * no two appointments of a doctor or of a patient can ever overlap (R26).
 */
export class BookingService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): BookingService {
    return new BookingService(parts);
  }

  /**
   * A patient asks for a slot. Asking again under the same key gives the same appointment.
   * @throws ProductError `not_found`, `slot_unknown`, `slot_too_soon`, `slot_too_far`, `mode_unavailable`,
   * `idempotency_mismatch`, `too_many_open`; `slot_unavailable` and `patient_busy` with the nearest free times
   */
  async book(actor: Actor, doctorId: string, wanted: WantedVisit): Promise<Appointment> {
    const { idempotencyKey, ...request } = wanted;
    const key = BookingKey.of(actor.accountId, idempotencyKey, ['book', doctorId, ...partsOf(request)]);
    return this.#once(key, actor, async () => {
      const found = await this.#find(actor, doctorId, wanted, { mode: wanted.mode });
      const automatic = found.schedule.confirmation === 'automatic';
      return {
        actor,
        by: 'patient',
        change: 'request',
        key,
        found,
        comment: '',
        facts: {
          doctorId,
          patientId: actor.accountId,
          status: automatic ? 'scheduled' : 'pending',
          awaiting: automatic ? null : 'doctor',
          mode: wanted.mode,
          reason: wanted.reason,
        },
      };
    });
  }

  /** The doctor of a visit that has taken place books the next one. @throws ProductError as `book`; `forbidden`, `change_not_allowed` */
  async followUp(actor: Actor, appointmentId: string, wanted: WantedVisit): Promise<Appointment> {
    const record = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.follow-up', record);
    requireFollowable(this.#parts, record);
    const { idempotencyKey, ...request } = wanted;
    const key = BookingKey.of(actor.accountId, idempotencyKey, ['follow-up', appointmentId, ...partsOf(request)]);
    const { doctorId, patientId } = record;
    return this.#once(key, actor, async () => ({
      actor,
      by: 'doctor',
      change: 'book',
      key,
      found: await this.#find(actor, doctorId, wanted, { mode: wanted.mode, anyNotice: true }),
      comment: '',
      facts: { doctorId, patientId, status: 'scheduled', awaiting: null, mode: wanted.mode, reason: wanted.reason },
    }));
  }

  /**
   * One side proposes another time for an active appointment; the other side has to answer. There is one proposal at a
   * time: while one is open, another is refused.
   * @throws ProductError as `book`; `forbidden`, `version_conflict`, `change_not_allowed`
   */
  async propose(actor: Actor, appointmentId: string, wanted: WantedMove): Promise<Appointment> {
    const record = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.change', record);
    const by = sideOf(record, actor.accountId);
    const { idempotencyKey, comment, version, ...time } = wanted;
    const key = BookingKey.of(actor.accountId, idempotencyKey, ['propose', appointmentId, comment, ...partsOf(time)]);
    return this.#once(key, actor, async () => {
      await requireMovable(this.#parts, record, by);
      if (record.version !== version) throw new ProductError('version_conflict');
      const { doctorId, patientId, mode, reason, calendarUid } = record;
      const found = await this.#find(actor, doctorId, time, { mode, anyNotice: by === 'doctor' });
      requireAnotherTime(record, found.slot);
      return {
        actor,
        by,
        change: 'propose',
        key,
        found,
        comment,
        original: { record, version },
        facts: {
          doctorId,
          patientId,
          status: 'pending',
          awaiting: by === 'doctor' ? 'patient' : 'doctor',
          proposedBy: by,
          replacesId: record.id,
          calendarUid,
          mode,
          reason,
          comment,
        },
      };
    });
  }

  /** Does it unless it was done under this key before, also by a request that runs at the same time. */
  async #once(key: BookingKey, actor: Actor, draft: () => Promise<Draft>): Promise<Appointment> {
    const before = await this.#doneBefore(key, actor);
    if (before !== undefined) return before;
    try {
      return await this.#lookAndMake(draft);
    } catch (error) {
      // Whatever refused it may have been its own twin, which was faster.
      const meanwhile = await this.#doneBefore(key, actor);
      if (meanwhile !== undefined) return meanwhile;
      throw error;
    }
  }

  async #lookAndMake(draft: () => Promise<Draft>): Promise<Appointment> {
    for (let look = 1; ; look += 1) {
      try {
        return await this.#make(await draft());
      } catch (error) {
        if (!(error instanceof ScheduleMoved)) throw error;
        if (look === LOOKS) throw new ProductError('unavailable', { cause: error });
      }
    }
  }

  async #doneBefore(key: BookingKey, actor: Actor): Promise<Appointment | undefined> {
    const { keys, views } = this.#parts;
    const done = await keys.find(key);
    if (done === undefined) return undefined;
    if (!done.same) throw new ProductError('idempotency_mismatch');
    return views.one(await this.#existing(done.appointmentId), actor.accountId);
  }

  async #find(
    { accountId }: Actor,
    doctorId: string,
    wanted: WallTime,
    options: { readonly mode: AppointmentMode; readonly anyNotice?: boolean },
  ): Promise<FoundSlot> {
    const { availability, holds, clock } = this.#parts;
    const { date, startTime, endTime, startsAt } = wanted;
    const time = { date, startTime, endTime, startsAt: instantOf(startsAt) };
    const kept = keptAt(await holds.of(accountId), doctorId, clock.now());
    return availability.slotAt(doctorId, time, { ...options, keptAt: kept });
  }

  async #make(draft: Draft): Promise<Appointment> {
    const { database, lifeCycle, offers, relations, views } = this.#parts;
    const { slot } = draft.found;
    const { doctorId, patientId, mode } = draft.facts;
    const { startsAt } = slot;
    try {
      await this.#requireFree(draft);
      await relations.note(patientId, doctorId);
      const news = await database.transaction((transaction) => this.#insert(draft, transaction));
      await lifeCycle.announce(news);
      return await views.one(news.appointment, draft.actor.accountId);
    } catch (error) {
      if (!(error instanceof TimeTaken)) throw error;
      throw await offers.refusal({ doctorId, patientId, startsAt, mode }, error, draft.by);
    }
  }

  /** Looks before anything is written: of many who want the same slot, most need no transaction to learn that it is gone. */
  async #requireFree({ actor, found: { slot }, facts, original }: Draft, transaction?: Transaction): Promise<void> {
    const { claims, clock } = this.#parts;
    const now = new Date(clock.now());
    for (const subjectId of [facts.doctorId, facts.patientId]) {
      const taken = await claims.takenOf(subjectId, slot.startsAt, slot.endsAt, now, transaction);
      const others = taken.filter(
        ({ heldById, ownerId }) => heldById !== actor.accountId && ownerId !== original?.record.id,
      );
      if (others.length > 0) throw new TimeTaken(subjectId, others);
    }
  }

  async #insert(draft: Draft, transaction: Transaction): Promise<AppointmentNews> {
    const { appointments, keys, audit, news, clock } = this.#parts;
    const { facts, by, change, actor, key } = draft;
    const now = new Date(clock.now());
    const { scheduleVersion } = draft.found;
    // Again: who had to begin anew learns here that it is gone, before waiting for anybody.
    await this.#requireFree(draft, transaction);
    await this.#holdSides(draft, transaction);
    const relies = await this.#parts.doctors.holdSchedule(facts.doctorId, scheduleVersion, now, transaction);
    if (!relies) throw new ScheduleMoved('The schedule has another version');
    const id = await appointments.insert(this.#document(draft, now), transaction);
    await keys.insert(key, id, now, transaction);
    const freed = await this.#claim(id, draft, now, transaction);
    if (draft.original !== undefined) await this.#noteProposal(draft, draft.original, now, transaction);
    await audit.recordIn(transaction, actor, {
      action: 'create',
      resource: 'appointment',
      resourceId: id,
      patientId: facts.patientId,
      detail: `appointment_${change}`,
    });
    const appointment = await appointments.byId(id, transaction);
    if (appointment === undefined) throw new Error(`Appointment ${id} is gone in its own transaction`);
    const told: AppointmentNews = { change, by, appointment, freed };
    await news.write(told, transaction);
    return told;
  }

  /**
   * Of this booking and one that closes the account of a side, one has to begin anew and sees the other; so do bookings
   * of one patient at the same time, which are counted.
   */
  async #holdSides({ facts, by, change }: Draft, transaction: Transaction): Promise<void> {
    const { accounts } = this.#parts;
    const { doctorId, patientId } = facts;
    const doctor = await accounts.hold(doctorId, transaction);
    if (doctor?.role !== 'doctor' || doctor.status !== 'active') throw new ProductError('not_found');
    const patient = await accounts.hold(patientId, transaction);
    if (patient?.role !== 'patient' || patient.status !== 'active') {
      throw new ProductError('conflict', by === 'doctor' ? { message: PATIENT_IS_GONE } : {});
    }
    if (change === 'request') await requireRoom(this.#parts, patientId, doctorId, transaction);
  }

  #document({ facts, found, by, change, comment, original }: Draft, now: Date): NewAppointment {
    const { slot, schedule } = found;
    const { startsAt, endsAt, date, startTime, endTime } = slot;
    const fromStartsAt = original?.record.startsAt ?? null;
    return {
      ...facts,
      startsAt,
      endsAt,
      date,
      startTime,
      endTime,
      timeZone: schedule.timeZone,
      createdAt: now,
      events: [{ change, by, at: now, fromStartsAt, comment }],
    };
  }

  /**
   * Takes the time, also from what who books has chosen: that is what it was kept for, and nobody can be at two places.
   * @returns what of it is free again
   */
  async #claim(
    id: string,
    { actor, facts, found, original }: Draft,
    now: Date,
    transaction: Transaction,
  ): Promise<readonly FreedTime[]> {
    const { claims, holds } = this.#parts;
    const { doctorId, patientId } = facts;
    const { startsAt, endsAt } = found.slot;
    const hold = await holds.of(actor.accountId, transaction);
    // What they keep at another time is theirs still.
    const givesWay = hold !== undefined && hold.startsAt < endsAt && startsAt < hold.endsAt;
    if (givesWay) await returnHold(this.#parts, hold, transaction);
    const time = { id, doctorId, patientId, startsAt, endsAt };
    await claimAppointment(claims, time, now, transaction, original?.record.id ?? null);
    const isAllTaken = hold?.doctorId === doctorId && startsAt <= hold.startsAt && hold.endsAt <= endsAt;
    return givesWay && !isAllTaken ? [hold] : [];
  }

  async #noteProposal(
    { by, comment }: Draft,
    { record, version }: NonNullable<Draft['original']>,
    now: Date,
    transaction: Transaction,
  ): Promise<void> {
    const event = { change: 'propose', by, at: now, fromStartsAt: null, comment } as const;
    const noted = await this.#parts.appointments.note(record, { version, event }, transaction);
    if (noted === undefined) throw new ProductError('version_conflict');
  }

  async #existing(id: string): Promise<AppointmentRecord> {
    const record = await this.#parts.appointments.byId(id);
    if (record === undefined) throw new ProductError('not_found');
    return record;
  }
}

/** In a fixed order, whatever the order in which they were sent. */
function partsOf(request: object): unknown[] {
  return Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1));
}
