import type { Logger } from '../logging/logger.ts';
import type { Connection } from './database.ts';
import type { Migration } from './migration.ts';
import { SchemaLock } from './schema-lock.ts';

/** A runner that died gives way after this. */
const LOCK_MS = 60_000;

/**
 * Brings the database to the shape that this code expects, one replica at a time; returns when it has it.
 * @param lockMs after so long a process that died gives way; one that lives keeps it, however long a step takes
 * @throws Error when the database is newer than this code: going back is not possible; when another process took over
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  logger: Logger,
  lockMs = LOCK_MS,
): Promise<void> {
  const lock = SchemaLock.create(connection, lockMs);
  const version = await lock.take(migrations.length);
  try {
    if (version > migrations.length) {
      throw new Error(
        `The database has schema version ${version}, this program knows ${migrations.length}: start a newer program.`,
      );
    }
    for (const [index, migration] of migrations.entries()) {
      if (index < version) continue;
      logger.info({ schemaVersion: index + 1, summary: migration.summary }, 'Migrating the database');
      await lock.during(migration.run(connection, logger));
      await lock.advance(index + 1);
    }
  } finally {
    await lock.release();
  }
}
