import {
  APPOINTMENT_STATUSES,
  appointmentModeSchema,
  type AppointmentMode,
  type AppointmentStatus,
} from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** An appointment as it is stored (R22). Instants are UTC; `date`, `startTime`, `endTime` are the doctor's wall time. */
export interface StoredAppointment {
  _id: Types.ObjectId;
  doctorId: Types.ObjectId;
  patientId: Types.ObjectId;
  /** Other doctors whom its doctor has added to the consultation. */
  colleagueIds: Types.ObjectId[];
  status: AppointmentStatus;
  mode: AppointmentMode;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  date: string;
  startTime: string;
  endTime: string;
  reason: string;
  comment: string;
  notes: string;
  rating: number | null;
  review: string;
  /** When its doctor ended the consultation. */
  closedAt: Date | null;
  createdAt: Date;
}

const id = { type: Schema.Types.ObjectId, required: true };
const text = (maxlength: number) => ({ type: String, default: '', maxlength });

const appointmentSchema = new Schema<StoredAppointment>(
  {
    doctorId: id,
    patientId: id,
    colleagueIds: { type: [Schema.Types.ObjectId], default: [] },
    status: { type: String, enum: APPOINTMENT_STATUSES, required: true },
    mode: { type: String, enum: appointmentModeSchema.options, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    timeZone: { type: String, required: true, maxlength: 64 },
    date: { type: String, required: true, match: /^\d{4}-\d{2}-\d{2}$/ },
    startTime: { type: String, required: true, match: /^\d{2}:\d{2}$/ },
    endTime: { type: String, required: true, match: /^\d{2}:\d{2}$/ },
    reason: text(300),
    comment: text(1000),
    notes: text(20_000),
    rating: { type: Number, default: null, min: 1, max: 5 },
    review: text(2000),
    closedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'appointments', versionKey: false },
);
// R24.
appointmentSchema.index({ doctorId: 1, date: 1, startTime: 1 });
appointmentSchema.index({ patientId: 1, date: 1, startTime: 1 });
appointmentSchema.index({ status: 1, date: 1 });
// Lists are in order of the instant: wall times of doctors in two zones do not compare.
appointmentSchema.index({ doctorId: 1, startsAt: 1 });
appointmentSchema.index({ colleagueIds: 1, startsAt: 1 });
appointmentSchema.index({ patientId: 1, startsAt: 1 });

export function appointmentModel(connection: Connection): Model<StoredAppointment> {
  return connection.model<StoredAppointment>('Appointment', appointmentSchema);
}
