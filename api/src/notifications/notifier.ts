import type { NotificationKind, Side } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { Clock } from '../clock.ts';
import { onSettled, type Transaction } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { NotificationRecord, NotificationRepository } from './notification.repository.ts';
import { toNotification } from './notification.view.ts';

interface Parts {
  readonly notifications: NotificationRepository;
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly events: Pick<EventPublisher, 'toAccounts'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The appointment that a notification is about, as far as it says something of it. */
export type NotifiedAppointment = Pick<AppointmentRecord, 'id' | 'doctorId' | 'patientId' | 'startsAt' | 'timeZone'>;

/** What somebody is told, and whether it is what they did themselves. */
export interface Told {
  readonly kind: NotificationKind;
  readonly byYou: boolean;
}

/** Puts lines under people's bells, in the transaction of what they tell about, and shows them on open pages after it. */
export class Notifier {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): Notifier {
    return new Notifier(parts);
  }

  /** Tells one side of an appointment. Open pages are told once the transaction has been committed. */
  async notify(
    side: Side,
    { kind, byYou }: Told,
    appointment: NotifiedAppointment,
    transaction: Transaction,
  ): Promise<void> {
    const { notifications, clock } = this.#parts;
    const { id, doctorId, patientId, startsAt, timeZone } = appointment;
    const [accountId, otherId] = side === 'doctor' ? [doctorId, patientId] : [patientId, doctorId];
    const at = new Date(clock.now());
    const told = { accountId, side, otherId, kind, byYou, at, appointmentId: id, startsAt, timeZone };
    const record = await notifications.insert(told, transaction);
    onSettled(transaction, (end) => {
      if (end === 'committed') void this.#show(record);
    });
  }

  /** Never throws: who misses it finds it at the next look. */
  async #show(record: NotificationRecord): Promise<void> {
    const { notifications, accounts, events, logger } = this.#parts;
    try {
      const { accountId, side, otherId } = record;
      const [people, unread] = await Promise.all([
        accounts.byIds([accountId, otherId]),
        notifications.unreadOf(record),
      ]);
      if (people.get(accountId)?.role !== side) return;
      const notification = toNotification(record, people);
      events.toAccounts([accountId], 'notification.added', { notification, unread });
    } catch (error) {
      logger.warn({ err: error, notificationId: record.id }, 'A notification could not be shown at once');
    }
  }
}
