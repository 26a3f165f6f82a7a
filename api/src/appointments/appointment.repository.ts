import {
  APPOINTMENT_STATUSES,
  APPOINTMENT_TRANSITIONS,
  type AppointmentMode,
  type AppointmentStatus,
} from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { appointmentModel, type StoredAppointment } from './appointment.model.ts';

/** What rules need of an appointment; notes, comment and review stay in the database. */
export interface AppointmentRecord {
  readonly id: string;
  readonly doctorId: string;
  readonly patientId: string;
  readonly colleagueIds: readonly string[];
  readonly status: AppointmentStatus;
  readonly mode: AppointmentMode;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly reason: string;
  readonly closedAt: Date | null;
}

/** When an appointment is, as an instant and as the doctor's wall time. */
export type AppointmentTime = Pick<
  StoredAppointment,
  'startsAt' | 'endsAt' | 'timeZone' | 'date' | 'startTime' | 'endTime'
>;

export type NewAppointment = AppointmentTime &
  Pick<StoredAppointment, 'status' | 'mode' | 'reason' | 'comment' | 'notes' | 'rating' | 'review' | 'closedAt'> & {
    readonly doctorId: string;
    readonly patientId: string;
    readonly createdAt: Date;
  };

/** Longest list that is answered; the latest ones win. */
const LIST_LIMIT = 500;
const RECORD_FIELDS = 'doctorId patientId colleagueIds status mode startsAt endsAt timeZone reason closedAt';

type StoredFacts = Pick<StoredAppointment, '_id' | 'doctorId' | 'patientId' | 'colleagueIds'> &
  Omit<AppointmentRecord, 'id' | 'doctorId' | 'patientId' | 'colleagueIds'>;

function toRecord(stored: StoredFacts): AppointmentRecord {
  return {
    id: stored._id.toHexString(),
    doctorId: stored.doctorId.toHexString(),
    patientId: stored.patientId.toHexString(),
    colleagueIds: stored.colleagueIds.map((id) => id.toHexString()),
    status: stored.status,
    mode: stored.mode,
    startsAt: stored.startsAt,
    endsAt: stored.endsAt,
    timeZone: stored.timeZone,
    reason: stored.reason,
    closedAt: stored.closedAt,
  };
}

/** Appointments. Every change names the state that it expects, so that two at once cannot both win. */
export class AppointmentRepository {
  readonly #appointments: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#appointments = appointmentModel(connection);
  }

  static create(connection: Connection): AppointmentRepository {
    return new AppointmentRepository(connection);
  }

  async byId(id: string): Promise<AppointmentRecord | undefined> {
    const found = await this.#appointments.findById(toStoredId(id)).select(RECORD_FIELDS).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** A doctor's appointments, own and as a colleague, by start. */
  async ofDoctor(doctorId: string): Promise<AppointmentRecord[]> {
    const id = toStoredId(doctorId);
    return this.#latest({ $or: [{ doctorId: id }, { colleagueIds: id }] });
  }

  /** A patient's appointments, by start. */
  async ofPatient(patientId: string): Promise<AppointmentRecord[]> {
    return this.#latest({ patientId: toStoredId(patientId) });
  }

  /** Whether a doctor has, or is added to, an appointment with a patient. */
  async treats(doctorId: string, patientId: string): Promise<boolean> {
    const id = toStoredId(doctorId);
    const filter = { patientId: toStoredId(patientId), $or: [{ doctorId: id }, { colleagueIds: id }] };
    return (await this.#appointments.exists(filter)) !== null;
  }

  /** A pair's appointments that still await their consultation, earliest first. */
  async scheduledOfPair(doctorId: string, patientId: string): Promise<AppointmentRecord[]> {
    const filter = { doctorId: toStoredId(doctorId), patientId: toStoredId(patientId), status: 'scheduled' } as const;
    const found = await this.#appointments.find(filter).sort({ startsAt: 1 }).select(RECORD_FIELDS).lean();
    return found.map(toRecord);
  }

  async insert(appointment: NewAppointment, transaction?: Transaction): Promise<string> {
    const id = newId();
    const { doctorId, patientId, ...rest } = appointment;
    const document = { ...rest, _id: toStoredId(id), doctorId: toStoredId(doctorId), patientId: toStoredId(patientId) };
    await this.#appointments.create([document], { session: transaction ?? null });
    return id;
  }

  /** Moves an appointment that is not closed to another time. */
  async move(id: string, time: AppointmentTime): Promise<void> {
    await this.#appointments.updateOne({ _id: toStoredId(id), closedAt: null }, { $set: time });
  }

  /**
   * Adds a colleague unless there is no room for one more or the consultation is closed.
   * @returns whether the colleague is new
   */
  async addColleague(id: string, colleagueId: string, limit: number, transaction: Transaction): Promise<boolean> {
    const colleague = toStoredId(colleagueId);
    const { modifiedCount } = await this.#appointments.updateOne(
      {
        _id: toStoredId(id),
        closedAt: null,
        colleagueIds: condition({ $ne: colleague }),
        [`colleagueIds.${limit - 1}`]: condition({ $exists: false }),
      },
      { $addToSet: { colleagueIds: colleague } },
      { session: transaction },
    );
    return modifiedCount > 0;
  }

  /** @returns whether there was such a colleague */
  async removeColleague(id: string, colleagueId: string, transaction: Transaction): Promise<boolean> {
    const { modifiedCount } = await this.#appointments.updateOne(
      { _id: toStoredId(id) },
      { $pull: { colleagueIds: toStoredId(colleagueId) } },
      { session: transaction },
    );
    return modifiedCount > 0;
  }

  /**
   * Completes an appointment whose consultation is over, if its status allows that.
   * @returns whether it was this call that closed it
   */
  async close(id: string, closedAt: Date, transaction: Transaction): Promise<boolean> {
    const from = APPOINTMENT_STATUSES.filter((status) => APPOINTMENT_TRANSITIONS[status].includes('completed'));
    const { modifiedCount } = await this.#appointments.updateOne(
      { _id: toStoredId(id), closedAt: null, status: condition({ $in: from }) },
      { $set: { status: 'completed', closedAt } },
      { session: transaction },
    );
    return modifiedCount > 0;
  }

  async #latest(filter: QueryFilter<StoredAppointment>): Promise<AppointmentRecord[]> {
    const query = this.#appointments.find(filter).sort({ startsAt: -1 }).limit(LIST_LIMIT);
    const found = await query.select(RECORD_FIELDS).lean();
    return found.map(toRecord).reverse();
  }
}
