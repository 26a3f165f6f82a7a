import type { Connection, Model } from 'mongoose';
import { BY_ID } from '../appointments/appointment-keys.ts';
import { appointmentModel, ARCHIVABLE, type StoredAppointment } from '../appointments/appointment.model.ts';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { archivedAppointmentModel } from './archived-appointment.model.ts';

/** Drafts that nobody signs are not even looked at. */
const ARCHIVABLE_BY_DATE = { date: 1 } as const;

/** Appointments that are over for long. `AppointmentRepository` and `ChartRepository` find them. */
export class ArchiveRepository {
  readonly #appointments: Model<StoredAppointment>;
  readonly #archived: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#appointments = appointmentModel(connection);
    this.#archived = archivedAppointmentModel(connection);
  }

  static create(connection: Connection): ArchiveRepository {
    return new ArchiveRepository(connection);
  }

  /**
   * Moves some completed appointments that ended before an instant. Those with a note that still has to be signed stay:
   * somebody will want to change them.
   * @param before calendar date of that instant: what the index is made of
   * @returns how many were moved
   */
  async move(endedBefore: Date, before: string, limit: number, transaction: Transaction): Promise<number> {
    const found = await this.#appointments
      .find({
        status: ARCHIVABLE.status,
        noteState: condition(ARCHIVABLE.noteState),
        date: condition({ $lte: before }),
        endsAt: condition({ $lt: endedBefore }),
      })
      .hint(ARCHIVABLE_BY_DATE)
      .sort({ date: 1 })
      .limit(limit)
      .session(transaction)
      .lean();
    if (found.length === 0) return 0;
    await this.#archived.insertMany(found, { session: transaction, lean: true });
    const ids = found.map(({ _id }) => _id);
    const doctors = [...new Map(found.map(({ doctorId }) => [doctorId.toHexString(), doctorId])).values()];
    const moved = { _id: condition({ $in: ids }), doctorId: condition({ $in: doctors }) };
    await this.#appointments.deleteMany(moved).hint(BY_ID).session(transaction);
    return found.length;
  }
}
