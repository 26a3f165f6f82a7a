import { Database, type Connection } from '../database/database.ts';
import { newId, toStoredId } from '../database/ids.ts';
import type { Migration } from '../database/migration.ts';
import { createLogger } from '../logging/logger.ts';

const LOG = { logLevel: 'info', logFormat: 'json' } as const;

/** An id as it is stored, of nobody yet. */
export const stored = () => toStoredId(newId());

/** A database of one test file, without a server. */
export class TestDatabase {
  readonly #database: Database;
  readonly logger: ReturnType<typeof createLogger>;
  /** Every log line of the test so far. */
  readonly logLines: string[];

  private constructor(database: Database, { logger, logLines }: Pick<TestDatabase, 'logger' | 'logLines'>) {
    this.#database = database;
    this.logger = logger;
    this.logLines = logLines;
  }

  static async connect(uri: string): Promise<TestDatabase> {
    const logLines: string[] = [];
    const logger = createLogger(LOG, { write: (line) => void logLines.push(line) });
    return new TestDatabase(await Database.connect(uri, logger), { logger, logLines });
  }

  get connection(): Connection {
    return this.#database.connection;
  }

  collection(name: string) {
    return this.connection.collection(name);
  }

  /** Runs steps, one after the other. */
  async migrate(...steps: readonly Migration[]): Promise<void> {
    for (const step of steps) await step.run(this.connection, this.logger);
  }

  /** All steps, and once more, as after a crash. */
  async migrateTwice(...steps: readonly Migration[]): Promise<void> {
    for (let round = 0; round < 2; round += 1) await this.migrate(...steps);
  }

  /** As two processes that start at once would, and once more. */
  async migrateRepeatedly(step: Migration): Promise<void> {
    await Promise.all([this.migrate(step), this.migrate(step)]);
    await this.migrate(step);
  }

  transaction(...work: Parameters<Database['transaction']>): Promise<unknown> {
    return this.#database.transaction(...work);
  }

  async empty(): Promise<void> {
    await this.connection.dropDatabase();
    this.logLines.length = 0;
  }

  async close(): Promise<void> {
    await this.connection.dropDatabase();
    await this.#database.close();
  }
}
