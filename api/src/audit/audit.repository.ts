import type { Connection, Model } from 'mongoose';
import type { Reading, REPORT_READS, Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { auditBlockModel, auditWriterModel, type Block, type StoredWriter } from './audit-block.model.ts';
import { auditEntryModel, entryFactsSchema, type EntryFacts, type StoredEntry } from './audit-entry.model.ts';

/** An entry on its way into the database. */
export type NewEntry = EntryFacts & { readonly mac: string };

/** What is stored under a number: the entry, or something that is not one. */
export interface Found {
  readonly id: string;
  readonly number: number;
  readonly entry: NewEntry | undefined;
}

/** How the reads of a report are made; empty for all others. */
export interface ReportOptions {
  readonly session?: Reading;
  readonly readPreference?: typeof REPORT_READS;
  readonly readConcern?: { readonly level: 'majority' };
}

const MAJORITY = { w: 'majority' } as const;
const storedSchema = entryFactsSchema.extend({ mac: entryFactsSchema.shape.writer });

/** Reads what is stored without trusting it: the database is what the trail is checked against. */
export function toFound(document: object & { _id: unknown; number?: unknown }): Found {
  const { _id, ...rest } = document;
  const parsed = storedSchema.safeParse(rest);
  const number = typeof document.number === 'number' ? document.number : Number.NaN;
  return { id: String(_id), number, entry: parsed.success ? parsed.data : undefined };
}

/** Entries and blocks of the audit trail. There is no method that changes or removes one. */
export class AuditRepository {
  readonly #entries: Model<StoredEntry>;
  readonly #blocks: Model<Block>;
  readonly #writers: Model<StoredWriter>;

  private constructor(connection: Connection) {
    this.#entries = auditEntryModel(connection);
    this.#blocks = auditBlockModel(connection);
    this.#writers = auditWriterModel(connection);
  }

  static create(connection: Connection): AuditRepository {
    return new AuditRepository(connection);
  }

  /** Resolves when a majority holds all of them. */
  async insert(entries: readonly NewEntry[], transaction?: Transaction): Promise<void> {
    const documents = entries.map((entry) => ({ _id: toStoredId(newId()), ...entry }));
    // Inside a transaction the commit carries the write concern.
    const options = transaction === undefined ? { writeConcern: MAJORITY } : { session: transaction };
    await this.#entries.collection.insertMany(documents, options);
  }

  /** What is stored of a writer under these numbers, ends included, by number. */
  async run(writer: string, from: number, to: number, options: ReportOptions = {}): Promise<Found[]> {
    const found = await this.#entries
      .find({ writer, number: condition({ $gte: from, $lte: to }) }, null, options)
      .sort({ number: 1 })
      .readConcern('majority')
      .lean();
    return found.map(toFound);
  }

  /** A writer's highest number, 0 when it has none. */
  async highest(writer: string): Promise<number> {
    const found = await this.#entries.findOne({ writer }).sort({ number: -1 }).select('number').lean();
    return found?.number ?? 0;
  }

  async lastBlock(): Promise<Block | undefined> {
    return (await this.#blocks.findOne({}).sort({ _id: -1 }).lean()) ?? undefined;
  }

  /** @throws the driver's error; `isDuplicateKey` when another process was first */
  async insertBlock(block: Block): Promise<void> {
    await this.#blocks.create([block], MAJORITY);
  }

  /** Number up to which a writer's entries are sealed. */
  async sealedTo(writer: string): Promise<number> {
    const last = await this.#blocks.findOne({ writer }).sort({ from: -1 }).select('from links').lean();
    return last === null ? 0 : last.from + last.links.length - 1;
  }

  async writerSeen(writer: string, lastSeen: Date): Promise<void> {
    await this.#writers.updateOne({ _id: writer }, { $set: { lastSeen } }, { upsert: true });
  }

  /** Forgets a writer that has ended and whose entries are all sealed. */
  async writerEnded(writer: string): Promise<void> {
    await this.#writers.deleteOne({ _id: writer });
  }

  /** Writers that have not been heard of since then. */
  async silentWriters(since: Date): Promise<string[]> {
    const found = await this.#writers.find({ lastSeen: condition({ $lt: since }) }).lean();
    return found.map(({ _id }) => _id);
  }
}
