import { ArchiveRepository } from '../archive/archive.repository.ts';
import { ArchiveService } from '../archive/archive.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { ReminderService } from '../reminders/reminder.service.ts';
import type { Job } from './job.ts';
import { JobSchedule } from './job-schedule.ts';

interface Foundation {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reminding: ReminderService;
  /** Jobs of other parts of the server. */
  readonly others?: readonly Job[];
}

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;

/** Everything that comes round again. */
export function createJobs(foundation: Foundation): JobSchedule {
  const { config, database, logger, reminding, others = [] } = foundation;
  const archive = ArchiveRepository.create(database.connection);
  const archiving = ArchiveService.create({ ...foundation, archive });
  const jobs: readonly Job[] = [
    { name: 'send reminders', everySeconds: 5, lockSeconds: 15, run: () => reminding.sendDue() },
    {
      name: 'archive appointments',
      everySeconds: HOUR_SECONDS,
      lockSeconds: 10 * MINUTE_SECONDS,
      run: () => archiving.moveOld(),
    },
    ...others,
  ];
  return JobSchedule.create({ jobs, address: config.mongodbUri, enabled: config.jobs, logger });
}
