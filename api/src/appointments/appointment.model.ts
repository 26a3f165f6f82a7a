import {
  APPOINTMENT_MODES,
  APPOINTMENT_STATUSES,
  CANCEL_REASONS,
  OUTCOMES,
  sideSchema,
  type AppointmentEvent,
  type AppointmentMode,
  type AppointmentStatus,
  type CancelReason,
  type Ending,
  type NoteState,
  type Outcome,
  type Side,
} from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** How an appointment was called off. */
export type StoredEnding = Omit<Ending, 'at' | 'reasonKind'> & {
  at: Date;
  /** Older ones have none. */
  reasonKind?: CancelReason | null;
};

/** One line of its history. */
export type StoredEvent = Omit<AppointmentEvent, 'at' | 'fromStartsAt'> & { at: Date; fromStartsAt: Date | null };

/** An appointment as it is stored (R22). Instants are UTC; `date`, `startTime`, `endTime` are the doctor's wall time. */
export interface StoredAppointment {
  _id: Types.ObjectId;
  doctorId: Types.ObjectId;
  patientId: Types.ObjectId;
  /** Other doctors whom its doctor has added to the consultation. */
  colleagueIds: Types.ObjectId[];
  status: AppointmentStatus;
  /** Rises with every change that its parties can see. */
  version: number;
  /** Which side has to answer while it is pending. */
  awaiting: Side | null;
  outcome: Outcome | null;
  ending: StoredEnding | null;
  /** The appointment in whose place this one is, or would be. */
  replacesId: Types.ObjectId | null;
  /** The appointment that took the place of this one. */
  movedToId: Types.ObjectId | null;
  proposedBy: Side | null;
  /** When each side was in its call for the first time. */
  doctorCameAt: Date | null;
  patientCameAt: Date | null;
  /** SEQUENCE of the next calendar mail (RFC 5545, 3.8.7.4). */
  calendarSequence: number;
  /** UID of its calendar entry: appointments that replace one another share it (RFC 5545, 3.8.4.7). */
  calendarUid: string;
  events: StoredEvent[];
  mode: AppointmentMode;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  date: string;
  startTime: string;
  endTime: string;
  reason: string;
  comment: string;
  /** What lists tell of the note; the note itself is in `visit_notes`. */
  noteState: Exclude<NoteState, 'sealed'>;
  noteShared: boolean;
  rating: number | null;
  review: string;
  ratedAt: Date | null;
  /** When it ended: when its doctor or the product closed it, or when its doctor corrected that it was missed. */
  closedAt: Date | null;
  createdAt: Date;
  /** Counts what must not pass a change of it unseen: other times that are chosen for it. */
  holds: number;
}

/** Whose it is never changes: it is found by them (`appointment-keys.ts`). */
const owner = { type: Schema.Types.ObjectId, required: true, immutable: true };
const text = (maxlength: number) => ({ type: String, default: '', maxlength });

const endingSchema = new Schema<StoredEnding>(
  {
    change: { type: String, required: true },
    by: { type: String, required: true },
    reason: text(1000),
    reasonKind: { type: String, enum: [...CANCEL_REASONS, null], default: null },
    at: Date,
  },
  { _id: false },
);

const eventSchema = new Schema<StoredEvent>(
  {
    change: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    fromStartsAt: { type: Date, default: null },
    comment: text(1000),
  },
  { _id: false },
);

const side = { type: String, enum: [...sideSchema.options, null], default: null };
const reference = { type: Schema.Types.ObjectId, default: null };
const instant = { type: Date, default: null };

/** What can move to the archive. */
export const ARCHIVABLE = { status: 'completed', noteState: { $in: ['none', 'signed'] } } as const;

export const appointmentSchema = new Schema<StoredAppointment>(
  {
    doctorId: owner,
    patientId: owner,
    colleagueIds: { type: [Schema.Types.ObjectId], default: [] },
    status: { type: String, enum: APPOINTMENT_STATUSES, required: true },
    version: { type: Number, default: 0 },
    awaiting: side,
    outcome: { type: String, enum: [...OUTCOMES, null], default: null },
    ending: { type: endingSchema, default: null },
    replacesId: reference,
    movedToId: reference,
    proposedBy: side,
    doctorCameAt: instant,
    patientCameAt: instant,
    calendarSequence: { type: Number, default: 0 },
    calendarUid: { type: String, required: true, maxlength: 200 },
    events: { type: [eventSchema], default: [] },
    mode: { type: String, enum: APPOINTMENT_MODES, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    timeZone: { type: String, required: true, maxlength: 64 },
    date: { type: String, required: true, match: /^\d{4}-\d{2}-\d{2}$/ },
    startTime: { type: String, required: true, match: /^\d{2}:\d{2}$/ },
    endTime: { type: String, required: true, match: /^\d{2}:\d{2}$/ },
    reason: text(300),
    comment: text(1000),
    noteState: { type: String, enum: ['none', 'draft', 'signed'], default: 'none' },
    noteShared: { type: Boolean, default: true },
    rating: { type: Number, default: null, min: 1, max: 5 },
    review: text(2000),
    ratedAt: instant,
    closedAt: instant,
    createdAt: { type: Date, required: true },
    holds: { type: Number, default: 0 },
  },
  { collection: 'appointments', versionKey: false },
);
// R24.
appointmentSchema.index({ doctorId: 1, date: 1, startTime: 1 });
appointmentSchema.index({ patientId: 1, date: 1, startTime: 1 });
appointmentSchema.index({ status: 1, date: 1 });
// What the product itself ends: requests whose time has come, and visits at which somebody was missing.
appointmentSchema.index({ status: 1, startsAt: 1 });
appointmentSchema.index({ status: 1, endsAt: 1 });
appointmentSchema.index({ replacesId: 1 }, { partialFilterExpression: { status: 'pending' } });
// Lists are in order of the instant: wall times of doctors in two zones do not compare.
appointmentSchema.index({ doctorId: 1, startsAt: 1 });
appointmentSchema.index({ colleagueIds: 1, startsAt: 1 });
// With the id: a history goes on in the middle of those that begin at the same instant.
appointmentSchema.index({ patientId: 1, startsAt: 1, _id: 1 });
// Notes that are still to be signed.
appointmentSchema.index({ doctorId: 1, noteState: 1, status: 1, outcome: 1, startsAt: 1 });
// What moves to the archive once it is old. What has a note that is still to be signed does not, however old it is.
appointmentSchema.index({ date: 1 }, { partialFilterExpression: ARCHIVABLE });
// A doctor's patients, last seen first.
appointmentSchema.index({ doctorId: 1, status: 1, startsAt: -1, patientId: 1 });

export function appointmentModel(connection: Connection): Model<StoredAppointment> {
  return connection.model<StoredAppointment>('Appointment', appointmentSchema);
}
