import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { ArchiveRepository } from './archive.repository.ts';

/** So many are moved in one transaction: short enough to hold nobody up. */
const BATCH = 100;
/** So many at most in one run; the rest comes with the next. */
const BATCHES_PER_RUN = 200;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly archive: ArchiveRepository;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps the collection in use small: completed appointments move to the archive a year after their end (R27). */
export class ArchiveService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ArchiveService {
    return new ArchiveService(parts);
  }

  /** Moves what is older than a year. Safe to run at once in several processes, and to be cut off. */
  async moveOld(): Promise<void> {
    const { database, archive, clock, logger } = this.#parts;
    const aYearAgo = Temporal.Instant.fromEpochMilliseconds(clock.now())
      .toZonedDateTimeISO('UTC')
      .subtract({ years: 1 });
    const endedBefore = new Date(aYearAgo.epochMilliseconds);
    // A wall date may be a day ahead of the date in UTC.
    const before = aYearAgo.toPlainDate().add({ days: 1 }).toString();
    let moved = 0;
    for (let batch = 0; batch < BATCHES_PER_RUN; batch += 1) {
      const count = await database.transaction((transaction) => archive.move(endedBefore, before, BATCH, transaction));
      moved += count;
      if (count < BATCH) break;
    }
    if (moved > 0) logger.info({ moved }, 'Moved old appointments to the archive');
  }
}
