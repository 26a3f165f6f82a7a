import { ProductError } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { ownZoneOf } from '../appointments/own-zone.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { requireCan } from '../policy/policy.ts';
import type { AppointmentCalendar } from './appointment-calendar.ts';

/** Longest chain of moved appointments that is followed. */
const LONGEST_CHAIN = 100;

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'byId' | 'openProposalFor'>;
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly doctors: Pick<DoctorRepository, 'byId'>;
  readonly calendar: AppointmentCalendar;
  readonly audit: Audit;
}

/** Calendar files that somebody fetches. */
export class CalendarService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): CalendarService {
    return new CalendarService(parts);
  }

  /**
   * The appointment for another calendar, as it stands: of one that was moved the new time, of a proposal the time that
   * was agreed to, because they share one entry.
   * @throws ProductError `not_found`, `forbidden`
   */
  async file(actor: Actor, appointmentId: string): Promise<string> {
    const { appointments, accounts, doctors, calendar, audit } = this.#parts;
    const asked = await appointments.byId(appointmentId);
    if (asked === undefined) throw new ProductError('not_found');
    requireCan(actor, 'appointment.export', asked);
    const appointment = await this.#standing(asked);
    const { id, patientId, doctorId } = appointment;
    await audit.record(actor, {
      action: 'download',
      resource: 'appointment',
      resourceId: id,
      patientId,
      detail: 'calendar',
    });
    const people = await accounts.byIds([doctorId, patientId]);
    const recipient = people.get(actor.accountId);
    const other = people.get(actor.accountId === doctorId ? patientId : doctorId);
    if (recipient === undefined) throw new ProductError('not_found');
    return calendar.entry(appointment, {
      method: 'PUBLISH',
      // The version that was mailed last.
      sequence: Math.max(appointment.calendarSequence - 1, 0),
      recipient,
      otherName: other?.name ?? '',
      proposal: await appointments.openProposalFor(appointment),
      timeZone: await ownZoneOf(recipient, doctors),
    });
  }

  async #standing(asked: AppointmentRecord): Promise<AppointmentRecord> {
    const before = asked.replacesId === null ? undefined : await this.#parts.appointments.byId(asked.replacesId);
    let standing = before !== undefined && before.movedToId !== asked.id ? before : asked;
    for (let step = 0; step < LONGEST_CHAIN && standing.movedToId !== null; step += 1) {
      const next = await this.#parts.appointments.byId(standing.movedToId);
      if (next === undefined) break;
      standing = next;
    }
    return standing;
  }
}
