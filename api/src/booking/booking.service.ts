import { ProductError, type Appointment, type AppointmentMode } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { AppointmentViews } from '../appointments/appointment.views.ts';
import type { AvailabilityService, FoundSlot } from '../availability/availability.service.ts';
import type { Clock } from '../clock.ts';
import { requireCan } from '../policy/policy.ts';
import type { AppointmentMaker, Draft } from './appointment-maker.ts';
import { BookingKey, type BookingKeyRepository } from './booking-key.repository.ts';
import { keptAt, type HoldRepository } from './hold.repository.ts';
import type { LifeCycleService } from './life-cycle.service.ts';
import { requireAnotherTime, requireFollowable, requireMovable } from './next-visit.ts';
import { sideOf } from './side.ts';

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
  readonly appointments: AppointmentRepository;
  readonly holds: HoldRepository;
  readonly keys: BookingKeyRepository;
  readonly availability: AvailabilityService;
  readonly maker: AppointmentMaker;
  readonly lifeCycle: Pick<LifeCycleService, 'announce'>;
  readonly views: AppointmentViews;
  readonly clock: Clock;
}

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
      return await this.#make(actor, draft);
    } catch (error) {
      // Whatever refused it may have been its own twin, which was faster.
      const meanwhile = await this.#doneBefore(key, actor);
      if (meanwhile !== undefined) return meanwhile;
      throw error;
    }
  }

  async #make(actor: Actor, draft: () => Promise<Draft>): Promise<Appointment> {
    const { lifeCycle, maker, views } = this.#parts;
    const news = await maker.make(draft);
    await lifeCycle.announce(news);
    return views.one(news.appointment, actor.accountId);
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
