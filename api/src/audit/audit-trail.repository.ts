import type { Connection, Model } from 'mongoose';
import { REPORT_READS, type Reading } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { auditBlockModel, blockSchema, type Block } from './audit-block.model.ts';
import { auditEntryModel, type StoredEntry } from './audit-entry.model.ts';
import { AuditRepository, toFound, type Found, type ReportOptions } from './audit.repository.ts';

/** How many entries one writer has, and how many of them have a number. */
export interface WriterCount {
  readonly writer: unknown;
  readonly total: number;
  readonly numbered: number;
}

/**
 * Reads the whole trail, for the check: inside of a report, so that a secondary does the work. Nothing that it reads is
 * trusted.
 */
export class AuditTrailRepository {
  readonly #entries: Model<StoredEntry>;
  readonly #blocks: Model<Block>;
  readonly #repository: AuditRepository;
  readonly #reading: Reading | null;

  private constructor(connection: Connection, reading: Reading | undefined) {
    this.#entries = auditEntryModel(connection);
    this.#blocks = auditBlockModel(connection);
    this.#repository = AuditRepository.create(connection);
    this.#reading = reading ?? null;
  }

  /** @param reading of a report; without, the primary is asked */
  static create(connection: Connection, reading?: Reading): AuditTrailRepository {
    return new AuditTrailRepository(connection, reading);
  }

  /** Every block in the order of the chain; `block` is `undefined` for what is not one. */
  async *blocks(): AsyncGenerator<{ readonly id: string; readonly block: Block | undefined }> {
    for await (const document of this.#blocks.find({}, null, this.#options()).sort({ _id: 1 }).lean().cursor()) {
      yield { id: String(document._id), block: blockSchema.safeParse(document).data };
    }
  }

  run(writer: string, from: number, to: number): Promise<Found[]> {
    return this.#repository.run(writer, from, to, this.#options());
  }

  async *after(writer: string, number: number): AsyncGenerator<Found> {
    const filter = { writer, number: condition({ $gt: number }) };
    for await (const document of this.#entries
      .find(filter, null, this.#options())
      .sort({ number: 1 })
      .lean()
      .cursor()) {
      yield toFound(document);
    }
  }

  countUpTo(writer: string, number: number): Promise<number> {
    return this.#entries.countDocuments({ writer, number: condition({ $lte: number }) }, this.#options());
  }

  async writers(): Promise<WriterCount[]> {
    const counted = await this.#entries.aggregate<{ _id: unknown; total: number; numbered: number }>(
      [
        {
          $group: {
            _id: '$writer',
            total: { $sum: 1 },
            numbered: { $sum: { $cond: [{ $isNumber: '$number' }, 1, 0] } },
          },
        },
      ],
      this.#options(),
    );
    return counted.map(({ _id, total, numbered }) => ({ writer: _id, total, numbered }));
  }

  #options(): ReportOptions {
    return this.#reading === null
      ? {}
      : { session: this.#reading, readPreference: REPORT_READS, readConcern: { level: 'majority' } };
  }
}
