import type { Connection, Model, QueryFilter } from 'mongoose';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { appointmentModel, type StoredAppointment } from './appointment.model.ts';
import { LEFT_OUT, toRecord, type AppointmentRecord, type StoredFacts } from './appointment.repository.ts';

/** How many a list has, and how many of them are kept for what is asked for and what is to come. */
const LIMITS = { all: 500, asked: 100, coming: 250 } as const;

/** Few are asked for at a time: without a hint, the database now and then looks through everybody's requests instead. */
const OF_DOCTOR_IN_STATUS = { doctorId: 1, status: 1, startsAt: -1, patientId: 1 } as const;

type Filter = QueryFilter<StoredAppointment>;

/**
 * Somebody's own appointments as lists show them. A list is bounded, but never lacks what is close: requests that wait
 * for an answer and appointments to come are those that come first, past ones the latest.
 */
export class OwnAppointmentsRepository {
  readonly #appointments: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#appointments = appointmentModel(connection);
  }

  static create(connection: Connection): OwnAppointmentsRepository {
    return new OwnAppointmentsRepository(connection);
  }

  /** A doctor's appointments, own and as a colleague, by start. */
  async ofDoctor(doctorId: string, now: Date): Promise<AppointmentRecord[]> {
    const id = toStoredId(doctorId);
    const asked = this.#appointments
      .find({ doctorId: id, status: 'pending', startsAt: condition({ $gte: now }) })
      .hint(OF_DOCTOR_IN_STATUS)
      .sort({ startsAt: 1 })
      .limit(LIMITS.asked);
    return this.#around(now, await asked.select(LEFT_OUT).lean(), (startsAt) => ({
      $or: [
        { doctorId: id, startsAt },
        { colleagueIds: id, startsAt },
      ],
    }));
  }

  /** A patient's appointments, by start. */
  async ofPatient(patientId: string, now: Date): Promise<AppointmentRecord[]> {
    return this.#around(now, [], (startsAt) => ({ patientId: toStoredId(patientId), startsAt }));
  }

  /** @param asked what waits for an answer @param starting the filter of all that start at some time */
  async #around(
    now: Date,
    asked: readonly StoredFacts[],
    starting: (startsAt: NonNullable<Filter['startsAt']>) => Filter,
  ): Promise<AppointmentRecord[]> {
    const coming = await this.#find(starting(condition({ $gte: now })), 1, LIMITS.coming);
    const known = new Set(coming.map(({ id }) => id));
    const further = asked.map(toRecord).filter(({ id }) => !known.has(id));
    const room = LIMITS.all - coming.length - further.length;
    const past = await this.#find(starting(condition({ $lt: now })), -1, room);
    // What is asked for and not among the nearest starts after all of these.
    return [...past.reverse(), ...coming, ...further];
  }

  async #find(filter: Filter, order: 1 | -1, limit: number): Promise<AppointmentRecord[]> {
    const query = this.#appointments.find(filter).sort({ startsAt: order }).limit(limit);
    return (await query.select(LEFT_OUT).lean()).map(toRecord);
  }
}
