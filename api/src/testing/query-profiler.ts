import { expect } from 'vitest';
import { z } from 'zod';
import type { Connection } from '../database/database.ts';

/** It cannot be emptied while something that began under the profiler goes on: one serves for a whole test file. */
const PROFILE_BYTES = 256 * 1024 * 1024;
/** What may be looked at: for each document that is answered, and besides. */
const EXAMINED_EACH = 4;
const EXAMINED_BESIDES = 150;

/** What the database's profiler tells of an operation (system.profile). */
const operationSchema = z.object({
  ns: z.string(),
  op: z.string(),
  planSummary: z.string().optional(),
  docsExamined: z.number().default(0),
  keysExamined: z.number().default(0),
  /** What came of it: documents that were answered, changed, removed. */
  nreturned: z.number().default(0),
  nMatched: z.number().default(0),
  ndeleted: z.number().default(0),
  command: z.unknown(),
  originatingCommand: z.unknown().optional(),
});

export type Operation = z.infer<typeof operationSchema>;

/** What may look at more than it answers, and why. */
export interface PlanException {
  readonly why: string;
  readonly is: (operation: Operation) => boolean;
}

/** Counts keys, and reads no document. */
export const isCount = ({ planSummary, docsExamined }: Operation): boolean =>
  docsExamined === 0 && planSummary?.startsWith('COUNT_SCAN') === true;

const isScan = ({ planSummary }: Operation): boolean => planSummary?.includes('COLLSCAN') === true;

/** A change stream reads the log of the database, from where it stopped; it runs beside whatever is done. */
const followsLog = ({ originatingCommand }: Operation): boolean =>
  JSON.stringify(originatingCommand ?? null).includes('"$changeStream"');

const describeOperation = (operation: Operation): string => {
  const { ns, planSummary, docsExamined, keysExamined, nreturned, command } = operation;
  const looked = `${docsExamined} documents and ${keysExamined} keys for ${nreturned}`;
  return `${ns.split('.')[1] ?? ''}: ${looked} by ${planSummary ?? ''}: ${JSON.stringify(command).slice(0, 400)}`;
};

/** What the database looks at while something is done, for tests. */
export class QueryProfiler {
  readonly #connection: Connection;
  readonly #exceptions: readonly PlanException[];
  /** Why something was let through. */
  readonly #met = new Set<string>();

  private constructor(connection: Connection, exceptions: readonly PlanException[]) {
    this.#connection = connection;
    this.#exceptions = exceptions;
  }

  /** @param exceptions each must be met, so that none is left behind: see `unmet` */
  static async of(connection: Connection, exceptions: readonly PlanException[] = []): Promise<QueryProfiler> {
    await connection.createCollection('system.profile', { capped: true, size: PROFILE_BYTES });
    return new QueryProfiler(connection, exceptions);
  }

  /** Why there are exceptions that nothing has needed so far. */
  get unmet(): string[] {
    return this.#exceptions.map(({ why }) => why).filter((why) => !this.#met.has(why));
  }

  /** Operations of some work that looked at whole collections, or at much more than came of it. */
  async wasteOf(work: () => Promise<unknown>): Promise<string[]> {
    const operations = await this.#operationsOf(work);
    return operations.filter((operation) => isScan(operation) || this.#isWaste(operation)).map(describeOperation);
  }

  /** What the database did while something was done. */
  async #operationsOf(work: () => Promise<unknown>): Promise<Operation[]> {
    const { db } = this.#connection;
    if (db === undefined) throw new Error('There is no database');
    const startedAt = new Date();
    await db.command({ profile: 2 });
    try {
      await work();
    } finally {
      await db.command({ profile: 0 });
    }
    const profile = db.collection('system.profile');
    const profiled = z.array(operationSchema).parse(await profile.find({ ts: { $gte: startedAt } }).toArray());
    const operations = profiled.filter((operation) => !followsLog(operation) && !operation.ns.includes('.system.'));
    expect(operations.some(({ planSummary }) => planSummary !== undefined)).toBe(true);
    return operations;
  }

  #isWaste(operation: Operation): boolean {
    const { docsExamined, keysExamined, nreturned, nMatched, ndeleted } = operation;
    const most = EXAMINED_EACH * (nreturned + nMatched + ndeleted) + EXAMINED_BESIDES;
    if (Math.max(docsExamined, keysExamined) <= most) return false;
    const exception = this.#exceptions.find(({ is }) => is(operation));
    if (exception !== undefined) this.#met.add(exception.why);
    return exception === undefined;
  }
}
