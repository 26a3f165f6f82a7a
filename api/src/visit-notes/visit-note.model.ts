import type { NoteContent } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** What was added after signing. */
export interface StoredAmendment {
  /** Chosen by who sends it, so that sending it again adds nothing. */
  key: string;
  at: Date;
  authorId: Types.ObjectId;
  /** As it was then: records keep the name under which they were written. */
  authorName: string;
  text: string;
}

/** The note of one visit (R26, R45). */
export interface StoredVisitNote {
  _id: Types.ObjectId;
  appointmentId: Types.ObjectId;
  doctorId: Types.ObjectId;
  patientId: Types.ObjectId;
  /** Rises with each saved draft; stays once it is signed. */
  version: number;
  content: NoteContent;
  shared: boolean;
  savedAt: Date;
  /** When the trail last told of a saved draft. */
  auditedAt: Date;
  signedAt: Date | null;
  /** Name of who signed it, as it was then. */
  signedBy: string;
  amendments: StoredAmendment[];
  createdAt: Date;
}

const text = (maxlength: number) => ({ type: String, default: '', maxlength });
const id = { type: Schema.Types.ObjectId, required: true };
const instant = { type: Date, required: true };

const contentSchema = new Schema<NoteContent>(
  {
    subjective: text(10_000),
    objective: text(10_000),
    assessment: text(10_000),
    plan: text(10_000),
    text: text(20_000),
  },
  { _id: false },
);

const amendmentSchema = new Schema<StoredAmendment>(
  {
    key: { type: String, required: true, maxlength: 36 },
    at: instant,
    authorId: id,
    authorName: { type: String, required: true, maxlength: 120 },
    text: { type: String, required: true, maxlength: 10_000 },
  },
  { _id: false },
);

const visitNoteSchema = new Schema<StoredVisitNote>(
  {
    appointmentId: id,
    doctorId: id,
    patientId: id,
    version: { type: Number, required: true, min: 1 },
    content: { type: contentSchema, required: true },
    shared: { type: Boolean, required: true },
    savedAt: instant,
    auditedAt: instant,
    signedAt: { type: Date, default: null },
    signedBy: text(120),
    amendments: { type: [amendmentSchema], default: [] },
    createdAt: instant,
  },
  { collection: 'visit_notes', versionKey: false },
);
// One note a visit; everything that is asked for names the visit.
visitNoteSchema.index({ appointmentId: 1 }, { unique: true });

export function visitNoteModel(connection: Connection): Model<StoredVisitNote> {
  return connection.model<StoredVisitNote>('VisitNote', visitNoteSchema);
}
