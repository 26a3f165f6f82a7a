import { setTimeout as delay } from 'node:timers/promises';
import mongoose, { type ClientSession, type Connection } from 'mongoose';
import type { Logger } from '../logging/logger.ts';
import { isCommitUnknown, isDatabaseUnavailable } from './errors.ts';

/** How long a request waits for a reachable database before it is told `unavailable` (F9: within 2 s). */
const SERVER_SELECTION_TIMEOUT_MS = 1500;
/** How long the server waits for the database while it starts. */
const START_TIMEOUT_MS = 20_000;
const MAX_CONNECTIONS = 50;

export type Transaction = ClientSession;
/** What the reads of a report share. */
export type Reading = ClientSession;
export type { Connection } from 'mongoose';

/** How an attempt at a transaction ended; `unknown` when the connection was lost while it was being committed. */
export type TransactionEnd = 'committed' | 'rolled-back' | 'unknown';

const FIRST_PAUSE_MS = 5;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 500;

const settlements = new WeakMap<Transaction, ((end: TransactionEnd) => void)[]>();

/** Has `listener` told how this attempt ends. A repeated attempt begins without listeners. */
export function onSettled(transaction: Transaction, listener: (end: TransactionEnd) => void): void {
  const listeners = settlements.get(transaction) ?? [];
  settlements.set(transaction, [...listeners, listener]);
}

function settle(transaction: Transaction | undefined, end: TransactionEnd): void {
  if (transaction === undefined) return;
  const listeners = settlements.get(transaction) ?? [];
  settlements.delete(transaction);
  for (const listener of listeners) listener(end);
}

/**
 * Those that met one another begin anew after pauses of random, growing length: a hundred that did so at once would leave
 * the one that is ahead no time to end.
 */
function pauseMs(repetitions: number): number {
  return Math.random() * Math.min(FIRST_PAUSE_MS * PAUSE_GROWTH ** repetitions, LONGEST_PAUSE_MS);
}

/** Where reports are read: on a secondary, or on the primary of a set that has none. */
export const REPORT_READS = 'secondaryPreferred';

/** The connection to MongoDB. Repositories get it from the composition root; nobody else talks to the driver. */
export class Database {
  readonly connection: Connection;

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  /**
   * Connects, waiting a while for a database that is just starting.
   * @throws the driver's error when there is none
   */
  static async connect(uri: string, logger: Logger): Promise<Database> {
    const connection = mongoose.createConnection();
    connection.set('sanitizeFilter', true);
    connection.set('strictQuery', 'throw');
    connection.set('bufferCommands', false);
    connection.on('disconnected', () => logger.warn('Database connection lost'));
    connection.on('reconnected', () => logger.info('Database connection restored'));
    connection.on('error', (error: unknown) => logger.error({ err: error }, 'Database connection failed'));
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await connection.openUri(uri, {
          serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
          maxPoolSize: MAX_CONNECTIONS,
          // Indexes are made once, at the start, where their failure counts; `set` has no effect on these two.
          autoIndex: false,
          autoCreate: false,
          appName: 'health-connect-api',
        });
        return new Database(connection);
      } catch (error) {
        // Only a database that is not there yet is worth waiting for; a wrong password stays wrong.
        if (!isDatabaseUnavailable(error) || Date.now() > deadline) throw error;
      }
    }
  }

  /** Whether the database answers right now. */
  async ping(): Promise<boolean> {
    const { db } = this.connection;
    if (db === undefined) return false;
    await db.command({ ping: 1 }, { timeoutMS: SERVER_SELECTION_TIMEOUT_MS });
    return true;
  }

  /** Runs writes that must all happen or none. `work` may run again after a conflict: it must hold no other effects. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let attempt: Transaction | undefined;
    let repetitions = 0;
    const run = async (transaction: Transaction): Promise<T> => {
      if (attempt !== undefined) {
        settle(attempt, 'rolled-back');
        await delay(pauseMs(repetitions));
        repetitions += 1;
      }
      attempt = transaction;
      return work(transaction);
    };
    try {
      const result = await this.connection.transaction(run, {
        readConcern: 'snapshot',
        writeConcern: { w: 'majority' },
      });
      settle(attempt, 'committed');
      return result;
    } catch (error) {
      settle(attempt, isCommitUnknown(error) ? 'unknown' : 'rolled-back');
      throw error;
    }
  }

  /**
   * Runs the reads of a report, which go through whole collections: on a secondary where the replica set has one, so that
   * they take nothing from people who work. What was committed before it began is in it: a secondary that is behind is
   * waited for. `work` names `REPORT_READS` and the session in each query, one after the other.
   */
  async report<T>(work: (reading: Reading) => Promise<T>): Promise<T> {
    const { db } = this.connection;
    if (db === undefined) throw new Error('There is no connection to the database');
    const reading = await this.connection.startSession({ causalConsistency: true });
    try {
      // The primary's clock: the session asks for nothing older from now on.
      await db.command({ ping: 1 }, { session: reading });
      return await work(reading);
    } finally {
      await reading.endSession();
    }
  }

  /** Makes collections and indexes of every model that is registered. Safe to repeat and to run twice at once. */
  async ensureIndexes(): Promise<void> {
    for (const model of Object.values(this.connection.models)) {
      await model.createCollection();
      await model.createIndexes();
    }
  }

  async close(): Promise<void> {
    // This loss is meant.
    this.connection.removeAllListeners('disconnected');
    await this.connection.close();
  }
}
