import type { Connection } from './database.ts';

/** One step forward. Steps are never edited once released, only added; each must be safe to repeat after a crash. */
export interface Migration {
  /** What it does, for the log. */
  readonly summary: string;
  run(connection: Connection): Promise<void>;
}
