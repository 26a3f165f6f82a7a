import {
  APPOINTMENT_STATUSES,
  bothMustHaveCome,
  isActive,
  statusAfter,
  statusesBefore,
  type AppointmentChange,
  type AppointmentStatus,
  type Side,
} from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import { archivedAppointmentModel } from '../archive/archived-appointment.model.ts';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { appointmentModel, type StoredAppointment, type StoredEvent } from './appointment.model.ts';

/** Ids that are stored as ObjectIds and known as text everywhere else. */
type IdField = 'doctorId' | 'patientId' | 'colleagueIds' | 'replacesId' | 'movedToId';

/** What rules need of an appointment; its note stays in the database. */
export interface AppointmentRecord extends Readonly<Omit<StoredAppointment, '_id' | IdField | 'events' | 'createdAt'>> {
  readonly id: string;
  readonly doctorId: string;
  readonly patientId: string;
  readonly colleagueIds: readonly string[];
  readonly replacesId: string | null;
  readonly movedToId: string | null;
}

/** When an appointment is, as an instant and as the doctor's wall time. */
export type AppointmentTime = Pick<
  StoredAppointment,
  'startsAt' | 'endsAt' | 'timeZone' | 'date' | 'startTime' | 'endTime'
>;

/** Everything that is not said has the model's default. */
export type NewAppointment = AppointmentTime &
  Pick<StoredAppointment, 'status' | 'mode' | 'reason' | 'createdAt'> &
  Partial<Omit<StoredAppointment, '_id' | IdField>> & {
    readonly doctorId: string;
    readonly patientId: string;
    readonly replacesId?: string | null;
  };

/** What changes of a stored appointment besides its status. */
type StoredChange = Partial<Omit<StoredAppointment, '_id' | IdField | 'events' | 'version'>> & {
  readonly movedToId?: string;
  readonly colleagueIds?: readonly string[];
};

/** How an appointment is changed. */
export interface AppointmentUpdate {
  readonly version?: number | undefined;
  readonly set?: StoredChange;
  readonly event: StoredEvent;
}

/** Longest list of some days that is answered. */
const LIST_LIMIT = 500;
/** An appointment in one of these makes its doctors those who treat its patient. */
export const TREATING: AppointmentStatus[] = ['pending', 'scheduled', 'completed'];
/** What a record leaves out. */
export const LEFT_OUT = '-events -createdAt';

/** An appointment without what records leave out. */
export type StoredFacts = Omit<StoredAppointment, 'events' | 'createdAt'>;

export function toRecord({ _id, ...stored }: StoredFacts): AppointmentRecord {
  return {
    ...stored,
    id: _id.toHexString(),
    doctorId: stored.doctorId.toHexString(),
    patientId: stored.patientId.toHexString(),
    colleagueIds: stored.colleagueIds.map((id) => id.toHexString()),
    replacesId: stored.replacesId?.toHexString() ?? null,
    movedToId: stored.movedToId?.toHexString() ?? null,
  };
}

/** Asks for an appointment to which both have come, or have not; for any where that does not matter. */
function attendance(both: boolean | undefined): QueryFilter<StoredAppointment> {
  if (both === undefined) return {};
  if (!both) return { $or: [{ doctorCameAt: null }, { patientCameAt: null }] };
  return { doctorCameAt: condition({ $ne: null }), patientCameAt: condition({ $ne: null }) };
}

/** Appointments. Every change names the state that it expects, so that two at once cannot both win. */
export class AppointmentRepository {
  readonly #appointments: Model<StoredAppointment>;
  readonly #archived: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#appointments = appointmentModel(connection);
    this.#archived = archivedAppointmentModel(connection);
  }

  static create(connection: Connection): AppointmentRepository {
    return new AppointmentRepository(connection);
  }

  /** Also one that has moved to the archive. */
  async byId(id: string, transaction?: Transaction): Promise<AppointmentRecord | undefined> {
    for (const appointments of [this.#appointments, this.#archived]) {
      const query = appointments.findById(toStoredId(id)).select(LEFT_OUT);
      const found = await query.session(transaction ?? null).lean();
      if (found !== null) return toRecord(found);
    }
    return undefined;
  }

  /** Those of some ids that have not moved to the archive. */
  async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, AppointmentRecord>> {
    if (ids.length === 0) return new Map();
    const query = this.#appointments.find({ _id: condition({ $in: ids.map(toStoredId) }) });
    return new Map((await query.select(LEFT_OUT).lean()).map((found) => [found._id.toHexString(), toRecord(found)]));
  }

  /**
   * Whether a doctor treats or has treated a patient: has an appointment with them, or is added to one, that stands or
   * has been. One that was called off connects nobody.
   */
  async treats(doctorId: string, patientId: string): Promise<boolean> {
    const id = toStoredId(doctorId);
    const status = condition({ $in: TREATING });
    const filter = { patientId: toStoredId(patientId), $or: [{ doctorId: id }, { colleagueIds: id }], status };
    for (const appointments of [this.#appointments, this.#archived]) {
      if ((await appointments.exists(filter)) !== null) return true;
    }
    return false;
  }

  /** A pair's appointments that still await their consultation, earliest first. */
  async scheduledOfPair(doctorId: string, patientId: string): Promise<AppointmentRecord[]> {
    const filter = { doctorId: toStoredId(doctorId), patientId: toStoredId(patientId), status: 'scheduled' } as const;
    const found = await this.#appointments.find(filter).sort({ startsAt: 1 }).select(LEFT_OUT).lean();
    return found.map(toRecord);
  }

  async insert(appointment: NewAppointment, transaction?: Transaction): Promise<string> {
    const id = newId();
    const { doctorId, patientId, replacesId = null, ...rest } = appointment;
    const ids = { _id: toStoredId(id), doctorId: toStoredId(doctorId), patientId: toStoredId(patientId) };
    const replaces = { replacesId: replacesId === null ? null : toStoredId(replacesId) };
    const document = { calendarUid: `${id}@health-connect`, ...rest, ...ids, ...replaces };
    await this.#appointments.create([document], { session: transaction ?? null });
    return id;
  }

  /**
   * Brings a change of status about, unless the appointment has left the statuses from which it can start, or both have
   * come to what may only be changed before.
   * @param version that the change was made for; without one, any
   * @returns the appointment as it is then, `undefined` when it was changed meanwhile
   */
  async change(
    id: string,
    change: AppointmentChange,
    { version, set = {}, event }: AppointmentUpdate,
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const from = [...statusesBefore(change)];
    const filter = {
      _id: toStoredId(id),
      status: condition({ $in: from }),
      ...(version === undefined ? {} : { version }),
      ...attendance(bothMustHaveCome(change, event.by)),
    };
    return this.#update(filter, { ...set, status: statusAfter(change), awaiting: null }, event, transaction);
  }

  /** Notes something in the history of an active appointment; its version rises. @returns `undefined` as `change` does */
  async note(
    id: string,
    { version, event }: AppointmentUpdate & { readonly version: number },
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const active = APPOINTMENT_STATUSES.filter(isActive);
    return this.#update({ _id: toStoredId(id), version, status: condition({ $in: active }) }, {}, event, transaction);
  }

  /** The proposal that would replace an appointment, while it awaits an answer. */
  async openProposalFor(id: string, transaction?: Transaction): Promise<AppointmentRecord | undefined> {
    const query = this.#appointments.findOne({ replacesId: toStoredId(id), status: 'pending' }).select(LEFT_OUT);
    const found = await query.session(transaction ?? null).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** A doctor's appointments that start in [from, to), own and as a colleague, by start (R25). */
  async ofDoctorBetween(doctorId: string, from: Date, to: Date): Promise<AppointmentRecord[]> {
    const id = toStoredId(doctorId);
    const startsAt = condition({ $gte: from, $lt: to });
    const query = this.#appointments.find({
      $or: [
        { doctorId: id, startsAt },
        { colleagueIds: id, startsAt },
      ],
    });
    return (await query.sort({ startsAt: 1 }).limit(LIST_LIMIT).select(LEFT_OUT).lean()).map(toRecord);
  }

  /** A doctor's own appointments that are still to come or asked for, from an instant on, by start. */
  async activeOfDoctorFrom(doctorId: string, from: Date, transaction?: Transaction): Promise<AppointmentRecord[]> {
    const query = this.#appointments.find({
      doctorId: toStoredId(doctorId),
      startsAt: condition({ $gte: from }),
      status: condition({ $in: APPOINTMENT_STATUSES.filter(isActive) }),
    });
    const found = query.sort({ startsAt: 1 }).select(LEFT_OUT);
    return (await found.session(transaction ?? null).lean()).map(toRecord);
  }

  /** What became of an appointment, oldest first. */
  async eventsOf(id: string): Promise<StoredEvent[]> {
    for (const appointments of [this.#appointments, this.#archived]) {
      const found = await appointments.findById(toStoredId(id)).select('events').lean();
      if (found !== null) return found.events;
    }
    return [];
  }

  /** Requests and proposals whose time has come without an answer. */
  async unanswered(now: Date, limit: number): Promise<AppointmentRecord[]> {
    return this.#due({ status: 'pending', startsAt: condition({ $lte: now }) }, limit);
  }

  /** Agreed appointments that were over by then and that nobody has ended. */
  async unended(overSince: Date, limit: number): Promise<AppointmentRecord[]> {
    return this.#due({ status: 'scheduled', endsAt: condition({ $lte: overSince }) }, limit);
  }

  /** Notes when a side was in the call for the first time. */
  async came(id: string, side: Side, at: Date, transaction: Transaction): Promise<void> {
    const field = side === 'doctor' ? 'doctorCameAt' : 'patientCameAt';
    const filter = { _id: toStoredId(id), [field]: null };
    await this.#appointments.updateOne(filter, { $set: { [field]: at } }, { session: transaction });
  }

  async #update(
    filter: QueryFilter<StoredAppointment>,
    set: StoredChange,
    event: StoredEvent,
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const { movedToId, colleagueIds, ...rest } = set;
    const moved = movedToId === undefined ? {} : { movedToId: toStoredId(movedToId) };
    const colleagues = colleagueIds === undefined ? {} : { colleagueIds: colleagueIds.map(toStoredId) };
    const update = { $set: { ...rest, ...moved, ...colleagues }, $inc: { version: 1 }, $push: { events: event } };
    const options = { session: transaction, returnDocument: 'after' } as const;
    const found = await this.#appointments.findOneAndUpdate(filter, update, options).select(LEFT_OUT).lean();
    return found === null ? undefined : toRecord(found);
  }

  async #due(filter: QueryFilter<StoredAppointment>, limit: number): Promise<AppointmentRecord[]> {
    const query = this.#appointments.find(filter).sort({ startsAt: 1 }).limit(limit);
    return (await query.select(LEFT_OUT).lean()).map(toRecord);
  }

  /** Moves an appointment that is not closed to another time. */
  async move(id: string, time: AppointmentTime, transaction: Transaction): Promise<void> {
    const filter = { _id: toStoredId(id), closedAt: null };
    await this.#appointments.updateOne(filter, { $set: time }, { session: transaction });
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
}
