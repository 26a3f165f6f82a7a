import type { Logger } from '../logging/logger.ts';
import type { Connection } from './database.ts';

/**
 * One step forward. Steps are never edited once released, only added; each must be safe to repeat after a crash,
 * and beside itself: a process that has lost its lock may still be at it when another one begins.
 */
export interface Migration {
  /** What it does, for the log. */
  readonly summary: string;
  /** @param logger for numbers; whose data it was is no business of the log */
  run(connection: Connection, logger: Pick<Logger, 'info' | 'warn'>): Promise<void>;
}
