import { BLOOD_GROUPS } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

export interface EmergencyContact {
  name: string;
  relationship: string;
  phone: string;
}

/** What is known of a patient beyond the account, whose id it shares (R21). */
export interface StoredPatient {
  _id: Types.ObjectId;
  /** Calendar date `YYYY-MM-DD`: a birthday has no zone. `null` until it is told. */
  dateOfBirth: string | null;
  gender: string;
  contactNumber: string;
  /** `null` until it is told: many do not know theirs. */
  bloodGroup: (typeof BLOOD_GROUPS)[number] | null;
  allergies: string[];
  /** Whether the person has answered: an empty list means "none" only then. Absent in profiles from before it was kept. */
  allergiesAsked?: boolean;
  emergencyContact: EmergencyContact[];
}

const emergencyContactSchema = new Schema<EmergencyContact>(
  {
    name: { type: String, required: true, maxlength: 120 },
    relationship: { type: String, required: true, maxlength: 60 },
    phone: { type: String, required: true, maxlength: 40 },
  },
  { _id: false },
);

const patientSchema = new Schema<StoredPatient>(
  {
    dateOfBirth: { type: String, default: null, match: /^\d{4}-\d{2}-\d{2}$/ },
    gender: { type: String, default: '', maxlength: 40 },
    contactNumber: { type: String, default: '', maxlength: 40 },
    bloodGroup: { type: String, default: null, enum: [...BLOOD_GROUPS, null] },
    allergies: { type: [String], default: [] },
    allergiesAsked: { type: Boolean, default: false },
    emergencyContact: { type: [emergencyContactSchema], default: [] },
  },
  { collection: 'patients', versionKey: false },
);
patientSchema.index({ bloodGroup: 1 });

export function patientModel(connection: Connection): Model<StoredPatient> {
  return connection.model<StoredPatient>('Patient', patientSchema);
}
