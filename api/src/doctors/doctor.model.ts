import {
  CONFIRMATIONS,
  APPOINTMENT_MODES,
  LEAST_NOTICE_MINUTES,
  type Schedule,
  type WorkingTime,
} from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** What is known of a doctor beyond the account, whose id it shares (R20). */
export interface StoredDoctor {
  _id: Types.ObjectId;
  specialization: string;
  qualification: string;
  /** `null` until it is told. */
  experienceYears: number | null;
  about: string;
  languages: string[];
  contactNumber: string;
  /** IANA zone in which the schedule is meant. */
  timeZone: string;
  schedule: WorkingTime[];
  /** Of several shapes: parsed by the contract's schema whenever they are read. */
  exceptions: object[];
  minimumNoticeMinutes: number;
  furthestDays: number;
  confirmation: Schedule['confirmation'];
  /** Rises with every change of the schedule. */
  scheduleVersion: number;
  /** When something was booked last: bookings and changes of the schedule meet here. */
  bookedAt: Date | null;
  /** Sum and number of all ratings: changed together with the rating, so that the average is always right. */
  ratingSum: number;
  ratingCount: number;
}

const wallTime = { type: String, required: true, match: /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/ };

const workingTimeSchema = new Schema<WorkingTime>(
  {
    weekday: { type: Number, required: true, min: 1, max: 7 },
    start: wallTime,
    end: wallTime,
    slotMinutes: { type: Number, required: true, min: 5, max: 240 },
    breakMinutes: { type: Number, default: 0, min: 0, max: 120 },
    modes: { type: [String], enum: APPOINTMENT_MODES, default: [...APPOINTMENT_MODES] },
  },
  { _id: false },
);

const doctorSchema = new Schema<StoredDoctor>(
  {
    specialization: { type: String, default: '', maxlength: 120 },
    qualification: { type: String, default: '', maxlength: 200 },
    experienceYears: { type: Number, default: null, min: 0, max: 80 },
    about: { type: String, default: '', maxlength: 4000 },
    languages: { type: [String], default: [] },
    contactNumber: { type: String, default: '', maxlength: 40 },
    timeZone: { type: String, required: true, maxlength: 64 },
    schedule: { type: [workingTimeSchema], default: [] },
    exceptions: { type: [Object], default: [] },
    minimumNoticeMinutes: { type: Number, default: LEAST_NOTICE_MINUTES, min: LEAST_NOTICE_MINUTES },
    furthestDays: { type: Number, default: 90, min: 1, max: 365 },
    confirmation: { type: String, enum: CONFIRMATIONS, default: 'manual' },
    scheduleVersion: { type: Number, default: 0 },
    bookedAt: { type: Date, default: null },
    ratingSum: { type: Number, default: 0 },
    ratingCount: { type: Number, default: 0 },
  },
  { collection: 'doctors', versionKey: false },
);
doctorSchema.index({ specialization: 1 });

export function doctorModel(connection: Connection): Model<StoredDoctor> {
  return connection.model<StoredDoctor>('Doctor', doctorSchema);
}
