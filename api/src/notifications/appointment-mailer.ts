import type { Side } from '@health-connect/contract';
import type { AccountRecord, AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentRecord } from '../appointments/appointment.repository.ts';
import type { AppointmentCalendar } from '../calendar/appointment-calendar.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { appointmentMail, type MailWords } from '../mail/templates/appointment-mails.ts';
import { timeLines } from './when.ts';

const DAY_MS = 24 * 60 * 60_000;

interface Parts {
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly doctors: Pick<DoctorRepository, 'byId'>;
  readonly outbox: Pick<OutboxService, 'add'>;
  readonly calendar: AppointmentCalendar;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
}

/** A mail to one side of an appointment. */
export interface AppointmentMailOrder {
  readonly side: Side;
  readonly words: MailWords;
  readonly appointment: AppointmentRecord;
  /** The appointment at its other time, when there is one. */
  readonly other?: AppointmentRecord | undefined;
  /** What comes along for the calendar, and as which version of the entry. */
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly sequence: number } | undefined;
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
    const [people, doctor] = await Promise.all([
      accounts.byIds([appointment.doctorId, appointment.patientId]),
      // Where patients live is not known: they are told the zone in which the appointment was made.
      side === 'doctor' ? doctors.byId(appointment.doctorId) : undefined,
    ]);
    const [recipient, other] = sidesOf(appointment, side, people);
    if (recipient === undefined) return;
    const content = appointmentMail(words, {
      name: recipient.name,
      other: other?.name ?? '',
      when: timeLines(appointment, doctor?.timeZone),
      before: order.other === undefined ? [] : timeLines(order.other, doctor?.timeZone),
      address: this.#addressOf(appointment),
    });
    const entry = order.calendar && {
      method: order.calendar.method,
      content: calendar.entry(appointment, { ...order.calendar, recipient, otherName: other?.name ?? '' }),
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
