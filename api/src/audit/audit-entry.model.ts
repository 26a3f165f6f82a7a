import {
  AUDIT_ACTIONS,
  AUDIT_RESOURCES,
  auditActionSchema,
  auditResourceSchema,
  documentIdSchema,
  roleSchema,
} from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';
import { z } from 'zod';

const shortText = z.string().max(64).nullable();

/** The facts of an entry: exactly what is hashed. Ids are kept as text, the form in which they are hashed. */
export const entryFactsSchema = z.strictObject({
  /** The process that wrote it, and its place among that process' entries: 1, 2, 3 ... without gaps. */
  writer: z.string().max(64),
  number: z.int().min(1),
  at: z.date(),
  accountId: documentIdSchema.nullable(),
  role: roleSchema.nullable(),
  sessionId: shortText,
  network: shortText,
  action: auditActionSchema,
  resource: auditResourceSchema,
  resourceId: shortText,
  patientId: documentIdSchema.nullable(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  detail: z.string().max(120).nullable(),
  requestId: shortText,
});
export type EntryFacts = z.infer<typeof entryFactsSchema>;

/** An entry as it is stored. Written once, never updated. */
export type StoredEntry = EntryFacts & {
  _id: Types.ObjectId;
  /** HMAC of the facts with a key that is not in the database. */
  mac: string;
};

const text = { type: String, default: null };

const entrySchema = new Schema<StoredEntry>(
  {
    writer: { type: String, required: true },
    number: { type: Number, required: true },
    at: { type: Date, required: true },
    accountId: text,
    role: text,
    sessionId: text,
    network: text,
    action: { type: String, enum: AUDIT_ACTIONS, required: true },
    resource: { type: String, enum: AUDIT_RESOURCES, required: true },
    resourceId: text,
    patientId: text,
    outcome: { type: String, required: true },
    detail: text,
    requestId: text,
    mac: { type: String, required: true },
  },
  { collection: 'audit_entries', versionKey: false },
);
entrySchema.index({ writer: 1, number: 1 }, { unique: true });
// Searches, newest first.
entrySchema.index({ at: -1, _id: -1 });
// Whoever asks for all actions or outcomes names each of them: the index then still gives the order (`audit-log.repository.ts`).
entrySchema.index({ action: 1, outcome: 1, at: -1, _id: -1 });
entrySchema.index({ accountId: 1, action: 1, outcome: 1, at: -1, _id: -1 });
entrySchema.index({ patientId: 1, at: -1, _id: -1 });
entrySchema.index({ requestId: 1 });
// Nearly all went well: those that did not are few, and are what is looked for.
entrySchema.index(
  { outcome: 1, at: -1, _id: -1 },
  { partialFilterExpression: { outcome: { $in: ['refused', 'failed'] } } },
);

export function auditEntryModel(connection: Connection): Model<StoredEntry> {
  return connection.model<StoredEntry>('AuditEntry', entrySchema);
}
