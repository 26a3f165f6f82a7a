import { Schema, type Connection, type Model, type Types } from 'mongoose';

export const BLOOD_GROUPS = ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const;

export interface EmergencyContact {
  name: string;
  relationship: string;
  phone: string;
}

/** What is known of a patient beyond the account, whose id it shares (R21). */
export interface StoredPatient {
  _id: Types.ObjectId;
  /** Calendar date `YYYY-MM-DD`: a birthday has no zone. */
  dateOfBirth: string;
  gender: string;
  contactNumber: string;
  bloodGroup: (typeof BLOOD_GROUPS)[number];
  allergies: string[];
  emergencyContact: EmergencyContact[];
  profileCompleted: boolean;
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
    dateOfBirth: { type: String, match: /^\d{4}-\d{2}-\d{2}$/ },
    gender: { type: String, maxlength: 40 },
    contactNumber: { type: String, maxlength: 40 },
    bloodGroup: { type: String, enum: BLOOD_GROUPS },
    allergies: { type: [String], default: [] },
    emergencyContact: { type: [emergencyContactSchema], default: [] },
    profileCompleted: { type: Boolean, default: false },
  },
  { collection: 'patients', versionKey: false },
);
patientSchema.index({ bloodGroup: 1 });

export function patientModel(connection: Connection): Model<StoredPatient> {
  return connection.model<StoredPatient>('Patient', patientSchema);
}
