import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { AppointmentMailer } from '../notifications/appointment-mailer.ts';
import {
  DEFAULT_SETTINGS,
  type NotificationSettingsRepository,
} from '../notifications/notification-settings.repository.ts';
import type { Notifier } from '../notifications/notifier.ts';
import type { ReminderRecord, ReminderRepository } from './reminder.repository.ts';

/** How many are looked at in one round. */
const ROUND = 500;
/** How many are sent at once. */
const SIDE_BY_SIDE = 8;
/** One run ends after this, within the lock of its job; the rest comes with the next. */
const RUN_LIMIT_MS = 10_000;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly reminders: ReminderRepository;
  readonly appointments: Pick<AppointmentRepository, 'byId'>;
  readonly settings: NotificationSettingsRepository;
  readonly notifier: Notifier;
  readonly mailer: AppointmentMailer;
  readonly wakeMail: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A reminder that is to be sent, with what it takes. */
interface WantedReminder extends ReminderRecord {
  readonly appointment: AppointmentRecord;
  readonly reminderMails: boolean;
}

/**
 * Sends reminders that are due. Each exactly once, whoever calls this how often: a reminder is settled in the
 * transaction that writes its notification and its mail, from a state in which it can be only once.
 */
export class ReminderService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ReminderService {
    return new ReminderService(parts);
  }

  /** One that fails stays for the next time and does not hold up the others. */
  async sendDue(): Promise<void> {
    const { reminders, clock, wakeMail } = this.#parts;
    const endsAtMs = performance.now() + RUN_LIMIT_MS;
    for (;;) {
      const due = await reminders.due(new Date(clock.now()), ROUND);
      // Of several that one person missed for one appointment, one stands for all.
      const pairs = new Map(due.map((reminder) => [`${reminder.appointmentId} ${reminder.accountId}`, reminder]));
      const waiting = pairs.values();
      let failures = 0;
      const sendOneByOne = async (): Promise<void> => {
        for (const reminder of waiting) {
          if (performance.now() > endsAtMs) return;
          if (!(await this.#try(reminder))) failures += 1;
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, sendOneByOne));
      if (pairs.size > 0) wakeMail();
      if (due.length < ROUND || failures > 0 || performance.now() > endsAtMs) return;
    }
  }

  /** @returns whether it worked */
  async #try(reminder: ReminderRecord): Promise<boolean> {
    try {
      await this.#send(reminder);
      return true;
    } catch (error) {
      this.#parts.logger.error({ err: error, reminderId: reminder.id }, 'A reminder could not be sent');
      return false;
    }
  }

  async #send(reminder: ReminderRecord): Promise<void> {
    await this.#parts.database.transaction(async (transaction) => {
      const now = new Date(this.#parts.clock.now());
      const due = await this.#parts.reminders.dueOf(reminder, now, transaction);
      const wanted = await this.#wanted(due, now, transaction);
      for (const { id } of due) {
        const state = id === wanted?.id ? 'sent' : 'skipped';
        const settled = await this.#parts.reminders.settle(id, state, now, transaction);
        if (settled && wanted !== undefined && state === 'sent') await this.#tell(wanted, transaction);
      }
    });
  }

  /** The latest of those that are due and still of use to their person. */
  async #wanted(
    due: readonly ReminderRecord[],
    now: Date,
    transaction: Transaction,
  ): Promise<WantedReminder | undefined> {
    const { appointments, settings } = this.#parts;
    const [first] = due;
    if (first === undefined) return undefined;
    const appointment = await appointments.byId(first.appointmentId, transaction);
    if (appointment?.status !== 'scheduled' || appointment.startsAt <= now) return undefined;
    const chosen = await settings.ofSeveral([first.accountId], transaction);
    const { reminders, reminderMails } = chosen.get(first.accountId) ?? DEFAULT_SETTINGS;
    const latest = due.findLast(
      ({ kind, startsAt }) => reminders.includes(kind) && startsAt.getTime() === appointment.startsAt.getTime(),
    );
    return latest === undefined ? undefined : { ...latest, appointment, reminderMails };
  }

  async #tell(
    { accountId, kind, appointment, reminderMails }: WantedReminder,
    transaction: Transaction,
  ): Promise<void> {
    const side = accountId === appointment.doctorId ? 'doctor' : 'patient';
    await this.#parts.notifier.notify(side, { kind, byYou: false }, appointment, transaction);
    if (!reminderMails) return;
    const order = { side, words: 'reminder', appointment, usefulUntil: appointment.startsAt } as const;
    await this.#parts.mailer.write(order, transaction);
  }
}
