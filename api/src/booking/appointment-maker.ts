import { ProductError, type Side } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk, FreedTime } from '../appointments/appointment-news.ts';
import type { AppointmentRecord, NewAppointment } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { FoundSlot } from '../availability/availability.service.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { BookingKey, BookingKeyRepository } from './booking-key.repository.ts';
import { claimAppointment } from './claim-appointment.ts';
import { TimeTaken, type ClaimRepository } from './claim.repository.ts';
import { returnHold } from './hold-return.ts';
import type { HoldRepository } from './hold.repository.ts';
import type { KeptTimeRepository } from './kept-time.repository.ts';
import { requireRoom } from './open-visits.ts';
import type { TakenOffers } from './taken-offers.ts';
import { Turns } from './turns.ts';

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
  readonly offers: TakenOffers;
  readonly news: AppointmentNewsDesk;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** A new appointment on its way into the database. */
export interface Draft {
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

/** Puts a new appointment into the database, with the time of both sides, or tells which times are free instead. */
export class AppointmentMaker {
  readonly #parts: Parts;
  /** Bookings of one doctor. */
  readonly #turns = Turns.create();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AppointmentMaker {
    return new AppointmentMaker(parts);
  }

  /**
   * @param look finds what is asked for; asked again when the doctor's hours change meanwhile
   * @throws ProductError `slot_unavailable` and `patient_busy` with the nearest free times; `not_found`, `conflict` for
   * sides whose accounts are closed; `too_many_open`, `version_conflict`, `unavailable`; and what `look` throws
   */
  async make(look: () => Promise<Draft>): Promise<AppointmentNews> {
    const draft = await look();
    const { doctorId, patientId, mode } = draft.facts;
    const { startsAt } = draft.found.slot;
    try {
      return await this.#turns.take(
        doctorId,
        () => this.#lookAndMake(draft, look),
        () => this.#requireFree(draft),
      );
    } catch (error) {
      if (!(error instanceof TimeTaken)) throw error;
      throw await this.#parts.offers.refusal({ doctorId, patientId, startsAt, mode }, error, draft.by);
    }
  }

  async #lookAndMake(first: Draft, look: () => Promise<Draft>): Promise<AppointmentNews> {
    const { database, relations } = this.#parts;
    let draft = first;
    for (let looks = 1; ; looks += 1) {
      try {
        await this.#requireFree(draft);
        await relations.note(draft.facts.patientId, draft.facts.doctorId);
        return await database.transaction((transaction) => this.#insert(draft, transaction));
      } catch (error) {
        if (!(error instanceof ScheduleMoved)) throw error;
        if (looks === LOOKS) throw new ProductError('unavailable', { cause: error });
        draft = await look();
      }
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
    // First: from here on hours that are saved at the same time wait for this booking, and it for nobody who books.
    const relies = await this.#parts.doctors.holdSchedule(facts.doctorId, scheduleVersion, now, transaction);
    if (!relies) throw new ScheduleMoved('The schedule has another version');
    // Again: who had to begin anew learns here that it is gone.
    await this.#requireFree(draft, transaction);
    await this.#holdSides(draft, transaction);
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
}
