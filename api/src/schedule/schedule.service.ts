import { MOST_AFFECTED, ProductError, type Schedule, type ScheduleEffect } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { AuditFacts } from '../audit/audit.facts.ts';
import { openScheduleOf, scheduleOf } from '../availability/schedule-of.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { RateLimit, type Bucket } from '../database/rate-limit.ts';
import type { DoctorRecord, DoctorRepository } from '../doctors/doctor.repository.ts';
import { requireCan } from '../policy/policy.ts';
import { leftOut, slotChange } from './schedule-effect.ts';
import { overlapsOf } from './schedule-overlaps.ts';

/** A schedule with the version that a change of it must name. */
interface Versioned {
  readonly schedule: Schedule;
  readonly version: number;
}

interface Own extends Versioned {
  /** The zone as it is stored, where it means no one place: nothing can be booked until another one is chosen. */
  readonly unclearZone: string | null;
}

interface Parts {
  readonly database: Pick<Database, 'transaction' | 'connection'>;
  readonly doctors: DoctorRepository;
  readonly appointments: AppointmentRepository;
  readonly accounts: AccountRepository;
  readonly audit: Audit;
  readonly slotNews: SlotNews;
  readonly clock: Clock;
}

type Everything = Parts & { readonly previews: RateLimit };

/** A year of slots is reckoned twice for a preview: nobody needs one more often, once it is about more than trying out. */
const PREVIEWS: Bucket = { name: 'schedule:preview', burst: 60, windowSeconds: 60 * 60, refillSeconds: 10 };

/** A doctor's own time (R20): the weekly template, exceptions, and how it may be booked. */
export class ScheduleService {
  readonly #parts: Everything;

  private constructor(parts: Everything) {
    this.#parts = parts;
  }

  static create(parts: Parts): ScheduleService {
    return new ScheduleService({ ...parts, previews: RateLimit.create(parts.database.connection, PREVIEWS) });
  }

  /** @throws ProductError `forbidden` to everybody but doctors, as all of these do */
  async own(actor: Actor): Promise<Own> {
    requireOwn(actor);
    return this.#current(actor.accountId);
  }

  /** What a schedule would change; saves nothing. @throws ProductError `rate_limited` */
  async preview(actor: Actor, schedule: Schedule): Promise<ScheduleEffect> {
    const { accounts, audit, clock, previews } = this.#parts;
    requireOwn(actor);
    const allowance = await previews.take(actor.accountId);
    if (!allowance.allowed) {
      throw new ProductError('rate_limited', { retryAfterSeconds: allowance.retryAfterSeconds });
    }
    const before = openScheduleOf(await this.#doctor(actor.accountId));
    const { added, removed } = slotChange(before, schedule, clock.now());
    const all = await this.#affected(actor.accountId, before, schedule);
    const affected = all.slice(0, MOST_AFFECTED);
    await audit.record(actor, ...viewsOf(affected));
    const patients = await accounts.byIds(affected.map(({ patientId }) => patientId));
    return {
      addedSlots: added,
      removedSlots: removed,
      overlaps: overlapsOf(schedule),
      affected: affected.map(({ id, startsAt, endsAt, patientId }) => ({
        id,
        startsAt: startsAt.toISOString(),
        endsAt: endsAt.toISOString(),
        patientName: patients.get(patientId)?.name ?? '',
      })),
      affectedTotal: all.length,
    };
  }

  /**
   * Saves a schedule. Booked appointments are never moved: each that the new one has no slot for must be named.
   * @throws ProductError `version_conflict` when it was changed meanwhile, `schedule_affects_bookings` when one that is
   * affected is not in `keep`
   */
  async save(actor: Actor, wanted: Versioned, keep: readonly string[]): Promise<Own> {
    const { database, doctors, audit, slotNews } = this.#parts;
    const { accountId } = actor;
    requireOwn(actor);
    await database.transaction(async (transaction) => {
      const before = openScheduleOf(await this.#doctor(accountId, transaction));
      // First, so that a booking under way and this change cannot both succeed without seeing each other.
      const saved = await doctors.saveSchedule(accountId, wanted.schedule, wanted.version, transaction);
      if (!saved) {
        throw new ProductError('version_conflict', {
          message: 'Your hours were changed in another window. Load this page again, then make your change.',
        });
      }
      const kept = new Set(keep);
      const affected = await this.#affected(accountId, before, wanted.schedule, transaction);
      if (affected.length > MOST_AFFECTED) {
        throw new ProductError('schedule_affects_bookings', {
          message: `This change leaves ${affected.length} booked appointments without a slot, more than can be listed. Change fewer days at a time.`,
        });
      }
      if (affected.some(({ id }) => !kept.has(id))) throw new ProductError('schedule_affects_bookings');
      await audit.recordIn(transaction, actor, {
        action: 'change',
        resource: 'schedule',
        resourceId: accountId,
        detail: `kept:${affected.length}`,
      });
    });
    slotNews.changed(accountId, null, null);
    return this.#current(accountId);
  }

  async #current(doctorId: string): Promise<Own> {
    const doctor = await this.#doctor(doctorId);
    return { schedule: scheduleOf(doctor), version: doctor.scheduleVersion, unclearZone: doctor.unclearZone };
  }

  async #doctor(doctorId: string, transaction?: Transaction): Promise<DoctorRecord> {
    const doctor = await this.#parts.doctors.byId(doctorId, transaction);
    if (doctor === undefined) throw new ProductError('not_found');
    return doctor;
  }

  async #affected(
    doctorId: string,
    before: Schedule,
    after: Schedule,
    transaction?: Transaction,
  ): Promise<AppointmentRecord[]> {
    const now = new Date(this.#parts.clock.now());
    const booked = await this.#parts.appointments.activeOfDoctorFrom(doctorId, now, transaction);
    return leftOut(booked, before, after);
  }
}

function requireOwn(actor: Actor): void {
  requireCan(actor, 'schedule.change', { ownerId: actor.accountId });
}

function viewsOf(records: readonly AppointmentRecord[]): AuditFacts[] {
  const patientIds = [...new Set(records.map(({ patientId }) => patientId))];
  if (patientIds.length === 0) return [{ action: 'view', resource: 'schedule' }];
  return patientIds.map((patientId) => ({ action: 'view', resource: 'appointments', patientId }));
}
