import type { Connection, Model } from 'mongoose';
import { appointmentSchema, type StoredAppointment } from '../appointments/appointment.model.ts';

/** Appointments that are over for long: the same documents, in a collection that no hot query reads. */
const archivedSchema = appointmentSchema.clone().set('collection', 'appointments_archive');
archivedSchema.clearIndexes();
archivedSchema.index({ patientId: 1, startsAt: -1, _id: -1 });
archivedSchema.index({ doctorId: 1, status: 1, startsAt: -1, patientId: 1 });
// Visits that nobody has written up stay on their doctor's list.
archivedSchema.index({ doctorId: 1, noteState: 1, status: 1, outcome: 1, startsAt: 1 });
archivedSchema.index({ colleagueIds: 1, startsAt: -1 });

export function archivedAppointmentModel(connection: Connection): Model<StoredAppointment> {
  return connection.model<StoredAppointment>('ArchivedAppointment', archivedSchema);
}
