import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import { QueueRepository } from '../queue/queue.repository.ts';
import { QueueWorker } from '../queue/queue-worker.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { mailMessageSchema, type MailMessage } from './message.ts';
import { OutboxService } from './outbox.service.ts';
import { SmtpSender } from './smtp.ts';

interface Foundation {
  readonly config: Config;
  readonly secrets: Pick<Secrets, 'queueKey'>;
  readonly database: Pick<Database, 'connection'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The outbox and, with a mail server, the worker that empties it; without one, mails stay for administrators to read. */
export function createMail({ config, secrets, database, audit, clock, logger }: Foundation) {
  const mails = QueueRepository.create(database.connection, 'mails', mailMessageSchema, secrets.queueKey);
  const worker = config.mail === undefined ? undefined : sendingWorker(mails, SmtpSender.create(config.mail));
  return { outbox: OutboxService.create({ mails, config, audit, clock }), mailWorker: worker };

  function sendingWorker(items: QueueRepository<MailMessage>, smtp: SmtpSender): QueueWorker<MailMessage> {
    return QueueWorker.create({
      label: 'mail',
      items,
      work: async ({ payload }) => {
        await smtp.send(payload);
        return 'done';
      },
      clock,
      logger,
    });
  }
}
