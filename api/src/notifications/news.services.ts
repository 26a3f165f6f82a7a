import type { AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import { AppointmentCalendar } from '../calendar/appointment-calendar.ts';
import { CalendarSequenceRepository } from '../calendar/calendar-sequence.repository.ts';
import { CalendarService } from '../calendar/calendar.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { Logger } from '../logging/logger.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { ReminderRepository } from '../reminders/reminder.repository.ts';
import { ReminderService } from '../reminders/reminder.service.ts';
import { AppointmentMailer } from './appointment-mailer.ts';
import { NewsDesk } from './news-desk.ts';
import { NotificationSettingsRepository } from './notification-settings.repository.ts';
import { NotificationRepository } from './notification.repository.ts';
import { NotificationService } from './notification.service.ts';
import { Notifier } from './notifier.ts';

interface Foundation {
  readonly config: Config;
  readonly database: Database;
  readonly events: EventPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly appointments: AppointmentRepository;
  readonly reminders: ReminderRepository;
  readonly outbox: OutboxService;
  readonly wakeMail: () => void;
}

/** How people are told of appointments: under the bell, by mail, in their calendars, and by reminders. */
export function createNews(foundation: Foundation) {
  const { connection } = foundation.database;
  const stores = {
    notifications: NotificationRepository.create(connection),
    settings: NotificationSettingsRepository.create(connection),
    sequences: CalendarSequenceRepository.create(connection),
  };
  const calendar = AppointmentCalendar.create(foundation);
  const notifier = Notifier.create({ ...foundation, ...stores });
  const mailer = AppointmentMailer.create({ ...foundation, calendar });
  const shared = { ...foundation, ...stores, calendar, notifier, mailer };
  return {
    notifier,
    news: NewsDesk.create(shared),
    notifications: NotificationService.create(shared),
    calendars: CalendarService.create(shared),
    reminding: ReminderService.create(shared),
  };
}
