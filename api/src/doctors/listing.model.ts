import { APPOINTMENT_MODES, type AppointmentMode } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** A free time of a doctor. */
export interface StoredFreeTime {
  startsAt: Date;
  modes: AppointmentMode[];
}

/**
 * An approved doctor as the directory shows them: everything that it searches, filters and sorts by in one document. It
 * follows from the account, the profile, the schedule and the claims, and can be made anew from them at any time.
 */
export interface StoredListing {
  _id: Types.ObjectId;
  name: string;
  /** Folded, as are all keys. */
  nameKey: string;
  avatarId: Types.ObjectId | null;
  specialization: string;
  specializationKey: string;
  qualification: string;
  experienceYears: number | null;
  /** -1 when it is not told, so that those come last. */
  experienceKey: number;
  languages: string[];
  languageKeys: string[];
  modes: AppointmentMode[];
  timeZone: string;
  minimumNoticeMinutes: number;
  /** What a term is looked for in. */
  words: string[];
  /** Free times, earliest first: the next ones of all, and the next ones of each mode. */
  nextFree: StoredFreeTime[];
  /** The earliest of them; `NEVER` when there is none. */
  freeAt: Record<AppointmentMode | 'any', Date>;
  ratingSum: number;
  ratingCount: number;
  /** The end of the time that could be booked when the free times were looked for. */
  freeUntil: Date;
  /** Rises whenever somebody begins to make it anew: of two at once, only the one who began last may put it. */
  revision: number;
  /** When it is to be made anew although nothing was heard of the doctor: time alone makes free times pass. */
  refreshAt: Date;
}

/** Later than everything that can be booked. */
export const NEVER = new Date('9999-12-31T00:00:00Z');

const text = { type: String, default: '' };
const instant = { type: Date, default: NEVER };

const freeTimeSchema = new Schema<StoredFreeTime>(
  { startsAt: { type: Date, required: true }, modes: { type: [String], enum: APPOINTMENT_MODES } },
  { _id: false },
);

const listingSchema = new Schema<StoredListing>(
  {
    name: text,
    nameKey: text,
    avatarId: { type: Schema.Types.ObjectId, default: null },
    specialization: text,
    specializationKey: text,
    qualification: text,
    experienceYears: { type: Number, default: null },
    experienceKey: { type: Number, default: -1 },
    languages: [String],
    languageKeys: [String],
    modes: { type: [String], enum: APPOINTMENT_MODES },
    timeZone: { type: String, required: true },
    minimumNoticeMinutes: { type: Number, required: true },
    words: [String],
    nextFree: [freeTimeSchema],
    freeAt: { any: instant, video: instant, chat: instant },
    ratingSum: { type: Number, default: 0 },
    ratingCount: { type: Number, default: 0 },
    freeUntil: { type: Date, default: new Date(0) },
    revision: { type: Number, default: 0 },
    refreshAt: { type: Date, required: true },
  },
  { collection: 'doctor_listings', versionKey: false },
);
// One for each order of the directory.
listingSchema.index({ 'freeAt.any': 1, _id: 1 });
listingSchema.index({ 'freeAt.video': 1, _id: 1 });
listingSchema.index({ 'freeAt.chat': 1, _id: 1 });
listingSchema.index({ nameKey: 1, _id: 1 });
listingSchema.index({ experienceKey: -1, _id: 1 });
// What narrows it down; each holds the usual order, too.
listingSchema.index({ words: 1, 'freeAt.any': 1 });
listingSchema.index({ specializationKey: 1, 'freeAt.any': 1, _id: 1 });
listingSchema.index({ modes: 1, 'freeAt.any': 1 });
listingSchema.index({ languageKeys: 1, 'freeAt.any': 1, _id: 1 });
// What it can be filtered by.
listingSchema.index({ specialization: 1 });
listingSchema.index({ languages: 1 });
listingSchema.index({ refreshAt: 1 });

export function listingModel(connection: Connection): Model<StoredListing> {
  return connection.model<StoredListing>('DoctorListing', listingSchema);
}
