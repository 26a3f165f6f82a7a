import { ProductError, type Appointment, type Rating } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import { publishAppointmentChange } from '../appointments/appointment.publish.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { ratingEnd, type AppointmentViews } from '../appointments/appointment.views.ts';
import type { VisitFactsRepository } from '../appointments/visit-facts.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { DoctorNews } from '../doctors/doctor-news.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { RatingRepository } from './rating.repository.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: Pick<AppointmentRepository, 'byId'>;
  readonly visitFacts: VisitFactsRepository;
  readonly ratings: RatingRepository;
  readonly doctors: Pick<DoctorRepository, 'countRating'>;
  readonly views: AppointmentViews;
  readonly audit: Audit;
  readonly events: EventPublisher;
  readonly doctorNews: DoctorNews;
  readonly clock: Clock;
}

/** What patients say of their visits (R45). */
export class RatingService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): RatingService {
    return new RatingService(parts);
  }

  /**
   * Rates a visit, or changes its rating. The rating, its place in the doctor's average and its audit entry are one
   * transaction; the same once more changes nothing.
   * @throws ProductError `not_found`, `forbidden`, `rating_closed`
   */
  async rate(actor: Actor, appointmentId: string, given: Rating): Promise<Appointment> {
    const { database, views, events, doctorNews } = this.#parts;
    const { record, isNew } = await database.transaction((transaction) =>
      this.#rateIn(transaction, actor, appointmentId, given),
    );
    doctorNews.doctorChanged(record.doctorId);
    if (isNew) publishAppointmentChange(events, { ...record, colleagueIds: [] });
    return views.one(record, actor.accountId);
  }

  async #rateIn(
    transaction: Transaction,
    actor: Actor,
    appointmentId: string,
    given: Rating,
  ): Promise<{ readonly record: AppointmentRecord; readonly isNew: boolean }> {
    const { appointments, visitFacts, doctors, audit, clock } = this.#parts;
    const before = await appointments.byId(appointmentId, transaction);
    if (before === undefined) throw new ProductError('not_found');
    requireCan(actor, 'appointment.rate', before);
    const now = clock.now();
    const end = ratingEnd(before);
    if (end === undefined || end.getTime() <= now) throw new ProductError('rating_closed');
    if (before.rating === given.rating && before.review === given.review) return { record: before, isNew: false };
    const ratedAt = before.ratedAt ?? new Date(now);
    const added = { sum: given.rating - (before.rating ?? 0), count: before.rating === null ? 1 : 0 };
    // First what many want to write at once: who comes second starts over before it has done anything else.
    await doctors.countRating(before.doctorId, added, transaction);
    const record = await visitFacts.save(before, { ...given, ratedAt }, transaction);
    if (record === undefined) throw new ProductError('not_found');
    await this.#list(before, given, ratedAt, transaction);
    await audit.recordIn(transaction, actor, {
      action: before.rating === null ? 'create' : 'change',
      resource: 'rating',
      resourceId: appointmentId,
      patientId: before.patientId,
    });
    return { record, isNew: true };
  }

  async #list(before: AppointmentRecord, given: Rating, ratedAt: Date, transaction: Transaction): Promise<void> {
    const { ratings } = this.#parts;
    if (before.rating !== null) return ratings.change(before.id, given, transaction);
    return ratings.insert({ appointmentId: before.id, doctorId: before.doctorId, ...given, ratedAt }, transaction);
  }
}
