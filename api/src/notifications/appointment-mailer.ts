import type { Side } from '@health-connect/contract';
import type { AccountRecord, AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import { ownZoneOf } from '../appointments/own-zone.ts';
import { timeLines } from '../appointments/when.ts';
import type { AppointmentCalendar } from '../calendar/appointment-calendar.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { appointmentMail, type MailWords } from '../mail/templates/appointment-mails.ts';

const DAY_MS = 24 * 60 * 60_000;

interface Parts {
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly doctors: Pick<DoctorRepository, 'byId'>;
  readonly outbox: Pick<OutboxService, 'add'>;
  readonly calendar: AppointmentCalendar;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
}

/** A version of a calendar entry that comes with a mail. */
export interface MailedVersion {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly sequence: number;
  /** Whose entry it is. */
  readonly appointment: AppointmentRecord;
  /** The other time that was proposed for it and is not answered. */
  readonly proposal: AppointmentRecord | undefined;
}

/** A mail to one side of an appointment. */
export interface AppointmentMailOrder {
  readonly side: Side;
  readonly words: MailWords;
  readonly appointment: AppointmentRecord;
  /** The appointment at its other time, when there is one. */
  readonly other?: AppointmentRecord | undefined;
  /** What comes along for the calendar. */
  readonly calendar?: MailedVersion;
  /** Pointless after this. */
  readonly usefulUntil?: Date;
}

/** Writes mails about appointments, in the transaction of what they tell about. */
export class AppointmentMailer {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AppointmentMailer {
    return new AppointmentMailer(parts);
  }

  /** Nothing is written to somebody whose account is gone. */
  async write(order: AppointmentMailOrder, transaction: Transaction): Promise<void> {
    const { accounts, doctors, outbox, calendar, clock } = this.#parts;
    const { side, words, appointment, usefulUntil } = order;
    const people = await accounts.byIds([appointment.doctorId, appointment.patientId]);
    const [recipient, other] = sidesOf(appointment, side, people);
    if (recipient === undefined) return;
    const timeZone = await ownZoneOf(recipient, doctors);
    const otherName = other?.name ?? '';
    const content = appointmentMail(words, {
      name: recipient.name,
      other: otherName,
      when: timeLines(appointment, timeZone),
      before: order.other === undefined ? [] : timeLines(order.other, timeZone),
      address: this.#addressOf(appointment),
    });
    const entry = order.calendar && {
      method: order.calendar.method,
      content: calendar.entry(order.calendar.appointment, { ...order.calendar, recipient, otherName, timeZone }),
    };
    const lifetimeMs = (usefulUntil?.getTime() ?? appointment.endsAt.getTime() + DAY_MS) - clock.now();
    const mail = entry === undefined ? content : { ...content, calendar: entry };
    await outbox.add(recipient.email, mail, Math.max(lifetimeMs, usefulUntil === undefined ? DAY_MS : 0), transaction);
  }

  #addressOf({ id }: AppointmentRecord): string {
    return `${this.#parts.config.publicUrl}/appointments/${id}`;
  }
}

function sidesOf(
  { doctorId, patientId }: AppointmentRecord,
  side: Side,
  people: ReadonlyMap<string, AccountRecord>,
): [AccountRecord | undefined, AccountRecord | undefined] {
  const [doctor, patient] = [people.get(doctorId), people.get(patientId)];
  return side === 'doctor' ? [doctor, patient] : [patient, doctor];
}
