import { Schema, type Connection, type Model } from 'mongoose';
import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A piece of the chain: a run of one writer's entries, sealed. */
export const blockSchema = z.strictObject({
  /** Place in the chain: 1, 2, 3 ... A unique number keeps the chain from forking. */
  _id: z.int().min(1),
  writer: z.string().max(64),
  /** Number of the writer's first entry in this block. */
  from: z.int().min(1),
  /** One hash for each number from `from` on, each over the one before and the entry. */
  links: z.array(digest).min(1),
  /** Numbers under which nothing was written, because the change was rolled back. */
  voids: z.array(z.int().min(1)),
  /** Sealed by another process after the writer had died: nobody could say what became of missing numbers. */
  recovered: z.boolean(),
  sealedAt: z.date(),
  /** `hash` of the block before. */
  previous: digest,
  hash: digest,
});
export type Block = z.infer<typeof blockSchema>;

/** A process that writes entries. */
export interface StoredWriter {
  _id: string;
  lastSeen: Date;
}

const number = { type: Number, required: true };
const text = { type: String, required: true };

const storedBlockSchema = new Schema<Block>(
  {
    _id: number,
    writer: text,
    from: number,
    links: { type: [String], required: true },
    voids: { type: [Number], required: true },
    recovered: { type: Boolean, required: true },
    sealedAt: { type: Date, required: true },
    previous: text,
    hash: text,
  },
  { collection: 'audit_blocks', versionKey: false },
);
// No entry is sealed twice.
storedBlockSchema.index({ writer: 1, from: 1 }, { unique: true });

const writerSchema = new Schema<StoredWriter>(
  { _id: text, lastSeen: { type: Date, required: true } },
  { collection: 'audit_writers', versionKey: false },
);

export const auditBlockModel = (connection: Connection): Model<Block> =>
  connection.model<Block>('AuditBlock', storedBlockSchema);

export const auditWriterModel = (connection: Connection): Model<StoredWriter> =>
  connection.model<StoredWriter>('AuditWriter', writerSchema);
