import type { Connection, Model } from 'mongoose';
import { BY_ID, inUse, type AppointmentKey } from '../appointments/appointment-keys.ts';
import { appointmentModel, type StoredAppointment } from '../appointments/appointment.model.ts';
import type { Transaction } from '../database/database.ts';

/** Numbers the versions of calendar entries. */
export class CalendarSequenceRepository {
  readonly #appointments: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#appointments = appointmentModel(connection);
  }

  static create(connection: Connection): CalendarSequenceRepository {
    return new CalendarSequenceRepository(connection);
  }

  /**
   * Takes the next SEQUENCE of an appointment's calendar entry.
   * @param atLeast of the appointment that it replaced, whose entry it takes over
   */
  async take(appointment: AppointmentKey, atLeast: number, transaction: Transaction): Promise<number> {
    const taken = await this.#appointments
      .findOneAndUpdate(
        inUse(appointment),
        [{ $set: { calendarSequence: { $add: [{ $max: ['$calendarSequence', atLeast] }, 1] } } }],
        { session: transaction, returnDocument: 'after', updatePipeline: true, hint: BY_ID },
      )
      .select('calendarSequence')
      .orFail()
      .lean();
    return taken.calendarSequence - 1;
  }
}
