import type { AppEventName } from '@health-connect/contract';
import { AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentNews } from '../appointments/appointment-news.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { toStoredId } from '../database/ids.ts';
import { DoctorRepository } from '../doctors/doctor.repository.ts';
import { createLogger } from '../logging/logger.ts';
import { createMail } from '../mail/mail.services.ts';
import { mailMessageSchema, type MailMessage } from '../mail/message.ts';
import { createNews } from '../notifications/news.services.ts';
import { QueueRepository } from '../queue/queue.repository.ts';
import { ReminderRepository } from '../reminders/reminder.repository.ts';
import { loadSecrets } from '../secrets/secrets.ts';
import type { TestServer } from './test-server.ts';

/** More than any test makes. */
const MOST_MAILS = 10_000;

/** What was published to sockets. */
export interface Published {
  readonly accountIds: readonly string[];
  readonly name: AppEventName;
  readonly payload: unknown;
}

/** The news desk on the database of a test server, with what it writes in view. */
export class TestNews {
  readonly services: ReturnType<typeof createNews>;
  readonly appointments: AppointmentRepository;
  readonly published: Published[];
  readonly #server: TestServer;
  readonly #mails: QueueRepository<MailMessage>;

  private constructor(
    server: TestServer,
    parts: {
      services: ReturnType<typeof createNews>;
      appointments: AppointmentRepository;
      mails: QueueRepository<MailMessage>;
      published: Published[];
    },
  ) {
    this.#server = server;
    this.services = parts.services;
    this.appointments = parts.appointments;
    this.published = parts.published;
    this.#mails = parts.mails;
  }

  static async of(server: TestServer): Promise<TestNews> {
    const { config, database, clock } = server;
    const secrets = await loadSecrets(config);
    const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
    const audit = { record: () => Promise.resolve(), recordIn: () => Promise.resolve() };
    const published: Published[] = [];
    const events = {
      toAccounts: (accountIds: readonly string[], name: AppEventName, payload: unknown) =>
        void published.push({ accountIds, name, payload }),
      toWatchers: () => undefined,
      stopWatching: () => undefined,
      endSession: () => undefined,
    };
    const foundation = { config, secrets, database, clock, logger, audit, events };
    const appointments = AppointmentRepository.create(database.connection);
    const services = createNews({
      ...foundation,
      ...createMail(foundation),
      accounts: AccountRepository.create(database.connection),
      doctors: DoctorRepository.create(database.connection),
      appointments,
      reminders: ReminderRepository.create(database.connection),
      wakeMail: () => undefined,
    });
    const mails = QueueRepository.create(database.connection, 'mails', mailMessageSchema, secrets.queueKey);
    return new TestNews(server, { services, appointments, mails, published });
  }

  async appointment(id: string): Promise<AppointmentRecord> {
    const found = await this.appointments.byId(id);
    if (found === undefined) throw new Error('There is no such appointment');
    return found;
  }

  /** Writes what a change means, as the change's own transaction would. */
  async tell(
    appointmentId: string,
    change: AppointmentNews['change'],
    by: AppointmentNews['by'],
    replacedId?: string,
  ): Promise<void> {
    const appointment = await this.appointment(appointmentId);
    const replaced = replacedId === undefined ? {} : { replaced: await this.appointment(replacedId) };
    const news = { change, by, appointment, ...replaced };
    await this.#server.database.transaction((transaction) => this.services.news.write(news, transaction));
    this.services.news.announce(news);
  }

  /** Mails to an address that wait to be sent, oldest first. */
  async mailsTo(email: string): Promise<MailMessage[]> {
    const waiting = await this.#mails.waiting(MOST_MAILS);
    return waiting
      .map(({ payload }) => payload)
      .filter(({ to }) => to === email)
      .reverse();
  }

  /** Changes an appointment behind everybody's back, as another part of the server would. */
  async set(appointmentId: string, change: Record<string, unknown>): Promise<void> {
    const { connection } = this.#server.database;
    await connection.collection('appointments').updateOne({ _id: toStoredId(appointmentId) }, { $set: change });
  }
}
