import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** Working time of one weekday, in the doctor's zone, cut into slots. */
export interface WorkingTime {
  /** ISO weekday: 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Wall time `HH:MM`. */
  start: string;
  end: string;
  slotMinutes: number;
}

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
}

const wallTime = { type: String, required: true, match: /^([01]\d|2[0-3]):[0-5]\d$/ };

const workingTimeSchema = new Schema<WorkingTime>(
  {
    weekday: { type: Number, required: true, min: 1, max: 7 },
    start: wallTime,
    end: wallTime,
    slotMinutes: { type: Number, required: true, min: 5, max: 240 },
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
  },
  { collection: 'doctors', versionKey: false },
);
doctorSchema.index({ specialization: 1 });

export function doctorModel(connection: Connection): Model<StoredDoctor> {
  return connection.model<StoredDoctor>('Doctor', doctorSchema);
}
