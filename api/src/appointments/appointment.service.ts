import {
  MAX_APPOINTMENT_EVENTS,
  ProductError,
  type Appointment,
  type AppointmentEvent,
  type Role,
} from '@health-connect/contract';
import { Temporal } from 'temporal-polyfill';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AuditFacts } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { requireCan } from '../policy/policy.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import { publishAppointmentChange, publishLostParty } from './appointment.publish.ts';
import type { AppointmentRecord } from './appointment-record.ts';
import type { AppointmentRepository } from './appointment.repository.ts';
import type { AppointmentViews } from './appointment.views.ts';
import type { CallOrders } from './call-orders.ts';
import type { CareRelationRepository } from './care-relation.repository.ts';
import { doorOf } from './door.ts';
import type { OwnAppointmentsRepository } from './own-appointments.repository.ts';
import { MAX_COLLEAGUES } from './party.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: AppointmentRepository;
  readonly ownAppointments: OwnAppointmentsRepository;
  readonly relations: CareRelationRepository;
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly views: AppointmentViews;
  readonly calls: CallOrders;
  readonly audit: Audit;
  readonly events: EventPublisher;
  readonly clock: Clock;
  readonly joinEarlyMinutes: number;
}

/** Appointments as their parties see and change them. */
export class AppointmentService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AppointmentService {
    return new AppointmentService(parts);
  }

  /** The signed-in person's own appointments, by start: a doctor's with those as a colleague (R43). The nearest are never missing. */
  async own(actor: Actor, as: Extract<Role, 'doctor' | 'patient'>): Promise<Appointment[]> {
    const { ownAppointments, clock } = this.#parts;
    const { accountId } = actor;
    const now = new Date(clock.now());
    const records = await (as === 'doctor'
      ? ownAppointments.ofDoctor(accountId, now)
      : ownAppointments.ofPatient(accountId, now));
    await this.#auditViews(actor, records);
    return this.#parts.views.of(records, actor.accountId);
  }

  /** @throws ProductError `not_found`, `forbidden` */
  async one(actor: Actor, appointmentId: string): Promise<Appointment> {
    const record = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.view', record);
    await this.#parts.audit.record(actor, entryOf(record, 'view'));
    return this.#view(record, actor.accountId);
  }

  /** @throws ProductError `not_found`, `forbidden`, `consultation_closed`, `limit_exceeded` */
  async addColleague(actor: Actor, appointmentId: string, doctorId: string): Promise<Appointment> {
    const { database, appointments, relations, accounts, calls, audit } = this.#parts;
    const before = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.change-colleagues', before);
    if (this.#door(before).state === 'closed') throw new ProductError('consultation_closed');
    if (doctorId === before.doctorId) return this.#view(before, actor.accountId);
    const colleague = await accounts.byId(doctorId);
    // Who is pending or disabled sees no patient.
    if (colleague?.role !== 'doctor' || colleague.status !== 'active') throw new ProductError('not_found');
    await relations.note(doctorId, before.doctorId);
    const added = await database.transaction(async (transaction) => {
      const changed = await appointments.addColleague(before, doctorId, MAX_COLLEAGUES, transaction);
      if (!changed) return false;
      await calls.withdrawRemoval(appointmentId, doctorId, transaction);
      await audit.recordIn(transaction, actor, entryOf(before, 'admit', 'colleague_added', doctorId));
      return true;
    });
    const after = await this.#existing(appointmentId);
    if (!after.colleagueIds.includes(doctorId)) {
      throw new ProductError(this.#door(after).state === 'closed' ? 'consultation_closed' : 'limit_exceeded');
    }
    if (added) publishAppointmentChange(this.#parts.events, after);
    return this.#view(after, actor.accountId);
  }

  /** Takes a colleague out, also out of a running call. @throws ProductError `not_found`, `forbidden` */
  async removeColleague(actor: Actor, appointmentId: string, doctorId: string): Promise<Appointment> {
    const { database, appointments, calls, events, audit } = this.#parts;
    const before = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.change-colleagues', before);
    const removed = await database.transaction(async (transaction) => {
      const changed = await appointments.removeColleague(before, doctorId, transaction);
      if (!changed) return false;
      await calls.orderRemoval(appointmentId, doctorId, transaction);
      await audit.recordIn(transaction, actor, entryOf(before, 'remove', 'colleague_removed', doctorId));
      return true;
    });
    const after = await this.#existing(appointmentId);
    if (removed) {
      publishLostParty(events, appointmentId, doctorId);
      publishAppointmentChange(events, after, [doctorId]);
      await calls.deliver(appointmentId);
    }
    return this.#view(after, actor.accountId);
  }

  /** A doctor's appointments of some days of their schedule's zone, by start (R25), and whether these are all. */
  async day(
    actor: Actor,
    from: string | undefined,
    days: number,
  ): Promise<{ appointments: Appointment[]; isWhole: boolean }> {
    const { ownAppointments, doctors, views, clock } = this.#parts;
    const timeZone = (await doctors.byId(actor.accountId))?.timeZone ?? 'UTC';
    const today = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(timeZone).toPlainDate();
    const first = from === undefined ? today : Temporal.PlainDate.from(from);
    const [start, end] = [first, first.add({ days })].map(
      (date) => new Date(date.toZonedDateTime(timeZone).epochMilliseconds),
    );
    if (start === undefined || end === undefined) return { appointments: [], isWhole: true };
    const { records, isWhole } = await ownAppointments.ofDoctorBetween(actor.accountId, start, end);
    await this.#auditViews(actor, records);
    return { appointments: await views.of(records, actor.accountId), isWhole };
  }

  /** What became of an appointment, oldest first. @throws ProductError `not_found`, `forbidden` */
  async events(actor: Actor, appointmentId: string): Promise<AppointmentEvent[]> {
    const record = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.view', record);
    await this.#parts.audit.record(actor, entryOf(record, 'view', 'history'));
    const events = await this.#parts.appointments.eventsOf(appointmentId, MAX_APPOINTMENT_EVENTS);
    return events.map(({ at, fromStartsAt, ...event }) => ({
      ...event,
      at: at.toISOString(),
      fromStartsAt: fromStartsAt?.toISOString() ?? null,
    }));
  }

  /** A list is one view of each patient in it; a page of hundreds of appointments is not hundreds of entries. */
  async #auditViews(actor: Actor, records: readonly AppointmentRecord[]): Promise<void> {
    const patientIds = [...new Set(records.map(({ patientId }) => patientId))];
    const views = patientIds.map((patientId): AuditFacts => ({ action: 'view', resource: 'appointments', patientId }));
    await this.#parts.audit.record(
      actor,
      ...(views.length > 0 ? views : [{ action: 'view', resource: 'appointments' } as const]),
    );
  }

  async #existing(appointmentId: string): Promise<AppointmentRecord> {
    const record = await this.#parts.appointments.byId(appointmentId);
    if (record === undefined) throw new ProductError('not_found');
    return record;
  }

  #door(record: AppointmentRecord) {
    return doorOf(record, this.#parts.joinEarlyMinutes, this.#parts.clock.now());
  }

  #view(record: AppointmentRecord, viewerId: string): Promise<Appointment> {
    return this.#parts.views.one(record, viewerId);
  }
}

/** What is recorded of an appointment. @param subjectId the other person whom it is about */
function entryOf(
  { id, patientId }: Pick<AppointmentRecord, 'id' | 'patientId'>,
  action: AuditFacts['action'],
  detail?: string,
  subjectId?: string,
): AuditFacts {
  const words = [detail, subjectId].filter((word) => word !== undefined).join(':');
  const facts = { action, resource: 'appointment', resourceId: id, patientId } as const;
  return words === '' ? facts : { ...facts, detail: words };
}
