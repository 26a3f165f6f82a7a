import { ProductError, type Appointment, type Party, type Role } from '@health-connect/contract';
import type { AccountRecord, AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AuditFacts } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { partyOf, requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import { publishAppointmentChange, publishLostParty } from './appointment.publish.ts';
import type { AppointmentRecord, AppointmentRepository } from './appointment.repository.ts';
import type { CallOrders } from './call-orders.ts';
import { doorOf, requireOpenDoor } from './door.ts';

/** So many colleagues fit beside doctor and patient: a consultation has at most 16 people (R14). */
const MAX_COLLEAGUES = 14;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: AppointmentRepository;
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
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

  /** The signed-in person's own appointments, by start: a doctor's with those as a colleague (R43). */
  async own(actor: Actor, as: Extract<Role, 'doctor' | 'patient'>): Promise<Appointment[]> {
    const { appointments } = this.#parts;
    const records =
      as === 'doctor' ? await appointments.ofDoctor(actor.accountId) : await appointments.ofPatient(actor.accountId);
    await this.#auditViews(actor, records);
    return this.#views(records, actor.accountId);
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
    const { database, appointments, accounts, calls, audit } = this.#parts;
    const before = await this.#existing(appointmentId);
    requireCan(actor, 'appointment.change-colleagues', before);
    if (this.#door(before).state === 'closed') throw new ProductError('consultation_closed');
    if (doctorId === before.doctorId) return this.#view(before, actor.accountId);
    const colleague = await accounts.byId(doctorId);
    // Who is pending or disabled sees no patient.
    if (colleague?.role !== 'doctor' || colleague.status !== 'active') throw new ProductError('not_found');
    const added = await database.transaction(async (transaction) => {
      await calls.withdrawRemoval(appointmentId, doctorId, transaction);
      const changed = await appointments.addColleague(appointmentId, doctorId, MAX_COLLEAGUES, transaction);
      if (changed) await audit.recordIn(transaction, actor, entryOf(before, 'admit', 'colleague_added', doctorId));
      return changed;
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
      const changed = await appointments.removeColleague(appointmentId, doctorId, transaction);
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

  /**
   * Ends the consultation for everyone and completes the appointment.
   * @throws ProductError `not_found`, `forbidden`, `consultation_early`, `consultation_closed`
   */
  async close(actor: Actor, appointmentId: string): Promise<Appointment> {
    const { database, appointments, calls, clock, joinEarlyMinutes, audit } = this.#parts;
    const before = await this.#existing(appointmentId);
    requireCan(actor, 'consultation.close', before);
    requireOpenDoor(before, joinEarlyMinutes, clock.now());
    const closed = await database.transaction(async (transaction) => {
      const changed = await appointments.close(appointmentId, new Date(clock.now()), transaction);
      if (!changed) return false;
      await calls.orderClose(appointmentId, transaction);
      await audit.recordIn(transaction, actor, entryOf(before, 'change', 'consultation_closed'));
      return true;
    });
    if (!closed) throw new ProductError('consultation_closed');
    const after = await this.#existing(appointmentId);
    publishAppointmentChange(this.#parts.events, after);
    await calls.deliver(appointmentId);
    return this.#view(after, actor.accountId);
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

  async #view(record: AppointmentRecord, viewerId: string): Promise<Appointment> {
    const [view] = await this.#views([record], viewerId);
    if (view === undefined) throw new ProductError('not_found');
    return view;
  }

  async #views(records: readonly AppointmentRecord[], viewerId: string): Promise<Appointment[]> {
    const { accounts, doctors } = this.#parts;
    const people = await accounts.byIds(
      records.flatMap((record) => [record.doctorId, record.patientId, ...record.colleagueIds]),
    );
    const specializations = await doctors.specializations(records.map((record) => record.doctorId));
    return records.map((record) => ({
      id: record.id,
      status: record.status,
      mode: record.mode,
      startsAt: record.startsAt.toISOString(),
      endsAt: record.endsAt.toISOString(),
      timeZone: record.timeZone,
      reason: record.reason,
      doctor: { ...person(people, record.doctorId), specialization: specializations.get(record.doctorId) ?? '' },
      patient: person(people, record.patientId),
      colleagues: record.colleagueIds.map((id) => person(people, id)),
      myParty: partyFor(record, viewerId),
      door: this.#door(record),
    }));
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

function partyFor(record: AppointmentRecord, viewerId: string): Party {
  const party = partyOf(record, viewerId);
  if (party === undefined) throw new ProductError('forbidden');
  return party;
}

/** A person as others see them; an account that is gone leaves its place unnamed. */
function person(people: ReadonlyMap<string, AccountRecord>, id: string): { id: string; name: string } {
  return { id, name: people.get(id)?.name ?? '' };
}
