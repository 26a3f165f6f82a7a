import { randomUUID } from 'node:crypto';
import { setInterval, setTimeout as delay } from 'node:timers/promises';
import { Schema, type Model } from 'mongoose';
import type { Connection } from './database.ts';
import { isDuplicateKey } from './errors.ts';
import { condition } from './filter.ts';

interface SchemaState {
  _id: string;
  schemaVersion: number;
  lockedBy: string | null;
  lockedUntil: Date;
}

const STATE_ID = 'schema';
const RETRY_MS = 250;
/** So often is the lock renewed within the time after which it would be given away. */
const RENEWALS = 4;

const stateSchema = new Schema<SchemaState>(
  {
    _id: { type: String, required: true },
    schemaVersion: { type: Number, required: true },
    lockedBy: { type: String, default: null },
    lockedUntil: { type: Date, required: true },
  },
  { collection: 'schema', versionKey: false },
);

/** Who may bring the database forward: one process at a time. One that died gives way when its time is over. */
export class SchemaLock {
  readonly #states: Model<SchemaState>;
  readonly #lockMs: number;
  readonly #owner = randomUUID();

  private constructor(states: Model<SchemaState>, lockMs: number) {
    this.#states = states;
    this.#lockMs = lockMs;
  }

  static create(connection: Connection, lockMs: number): SchemaLock {
    return new SchemaLock(connection.model<SchemaState>('SchemaState', stateSchema), lockMs);
  }

  /**
   * Waits until the database is this process's.
   * @returns its version; a database without one is new: it gets the newest shape from the models and needs no step
   */
  async take(newestVersion: number): Promise<number> {
    for (;;) {
      const free = { _id: STATE_ID, lockedUntil: condition({ $lte: new Date() }) };
      const mine = { $set: { lockedBy: this.#owner, lockedUntil: this.#end() } };
      try {
        const state = await this.#states
          .findOneAndUpdate(
            free,
            { ...mine, $setOnInsert: { schemaVersion: newestVersion } },
            { upsert: true, returnDocument: 'after', lean: true },
          )
          .orFail();
        return state.schemaVersion;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  /**
   * Does something, however long it takes, and keeps the lock meanwhile.
   * @throws Error as soon as the lock is another process's: what this one goes on writing is no longer waited for, so the
   * process has to end
   */
  async during(work: Promise<void>): Promise<void> {
    const stop = new AbortController();
    try {
      await Promise.race([work, this.#keep(stop.signal)]);
    } finally {
      stop.abort();
    }
  }

  /** Notes that a step is done. @throws Error when the lock is another process's */
  async advance(schemaVersion: number): Promise<void> {
    await this.#write({ schemaVersion });
  }

  async release(): Promise<void> {
    const given = { lockedBy: null, lockedUntil: new Date(0) };
    await this.#states.updateOne({ _id: STATE_ID, lockedBy: this.#owner }, { $set: given });
  }

  /** Ends only when it fails, or is stopped. */
  async #keep(signal: AbortSignal): Promise<void> {
    try {
      for await (const facts of setInterval(this.#lockMs / RENEWALS, {}, { signal })) await this.#write(facts);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #write(facts: Partial<SchemaState>): Promise<void> {
    const mine = { _id: STATE_ID, lockedBy: this.#owner };
    const { matchedCount } = await this.#states.updateOne(mine, { $set: { ...facts, lockedUntil: this.#end() } });
    if (matchedCount > 0) return;
    throw new Error('Another process has begun to migrate the database: start this one again when it is done.');
  }

  #end(): Date {
    return new Date(Date.now() + this.#lockMs);
  }
}
