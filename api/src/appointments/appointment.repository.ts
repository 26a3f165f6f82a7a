import {
  APPOINTMENT_STATUSES,
  bothMustHaveCome,
  isActive,
  statusAfter,
  statusesBefore,
  type AppointmentChange,
  type Side,
} from '@health-connect/contract';
import type { Connection, QueryFilter } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { AppointmentKeys, BY_ID, inArchive, inUse, type AppointmentKey } from './appointment-keys.ts';
import type { StoredAppointment } from './appointment.model.ts';
import {
  LEFT_OUT,
  toRecord,
  type AppointmentRecord,
  type AppointmentUpdate,
  type NewAppointment,
} from './appointment-record.ts';
import { AppointmentReads } from './appointment-reads.repository.ts';
import type { AppointmentTime } from './wall-time.ts';

const uidOf = (id: string): string => `${id}@health-connect`;

/** Asks for an appointment to which both have come, or have not; for any where that does not matter. */
function attendance(both: boolean | undefined): QueryFilter<StoredAppointment> {
  if (both === undefined) return {};
  if (!both) return { $or: [{ doctorCameAt: null }, { patientCameAt: null }] };
  return { doctorCameAt: condition({ $ne: null }), patientCameAt: condition({ $ne: null }) };
}

/**
 * Appointments. Every change names the state that it expects, so that two at once cannot both win, and the doctor, so
 * that it is done on one shard. Who takes part in one must have been noted before (`CareRelationRepository`).
 */
export class AppointmentRepository extends AppointmentReads {
  private constructor(connection: Connection, keys: AppointmentKeys) {
    super(connection, keys);
  }

  static create(connection: Connection, keys = AppointmentKeys.create()): AppointmentRepository {
    return new AppointmentRepository(connection, keys);
  }

  /** That its patient has one with its doctor is noted by then (`CareRelationRepository.note`). */
  async insert(appointment: NewAppointment, transaction?: Transaction): Promise<string> {
    const id = newId();
    const { doctorId, patientId, replacesId = null, ...rest } = appointment;
    const ids = { _id: toStoredId(id), doctorId: toStoredId(doctorId), patientId: toStoredId(patientId) };
    const replaces = { replacesId: replacesId === null ? null : toStoredId(replacesId) };
    const document = { calendarUid: uidOf(id), ...rest, ...ids, ...replaces };
    await this.appointments.create([document], { session: transaction ?? null });
    // Should the transaction fail, nothing is found under this id, which nobody else will get.
    this.keys.remember({ id, doctorId, patientId });
    return id;
  }

  /**
   * Brings a change of status about, unless the appointment has left the statuses from which it can start, or both have
   * come to what may only be changed before.
   * @param version that the change was made for; without one, any
   * @returns the appointment as it is then, `undefined` when it was changed meanwhile
   */
  async change(
    key: AppointmentKey,
    change: AppointmentChange,
    { version, set = {}, event }: AppointmentUpdate,
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const from = [...statusesBefore(change)];
    const filter = {
      ...inUse(key),
      status: condition({ $in: from }),
      ...(version === undefined ? {} : { version }),
      ...attendance(bothMustHaveCome(change, event.by)),
    };
    const after = { ...set, status: statusAfter(change), awaiting: null };
    return this.#update(filter, { set: after, event }, transaction);
  }

  /** Notes something in the history of an active appointment; its version rises. @returns `undefined` as `change` does */
  async note(
    key: AppointmentKey,
    { version, event }: AppointmentUpdate & { readonly version: number },
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const active = APPOINTMENT_STATUSES.filter(isActive);
    const filter = { ...inUse(key), version, status: condition({ $in: active }) };
    return this.#update(filter, { event }, transaction);
  }

  /**
   * Ties a transaction to an appointment as it is: of it and one that changes the appointment at the same time, one has to
   * begin anew. What people see does not change, so neither does its version.
   */
  async hold(key: AppointmentKey, transaction: Transaction): Promise<void> {
    await this.appointments.updateOne(inUse(key), { $inc: { holds: 1 } }, { session: transaction, hint: BY_ID });
  }

  /**
   * Makes a proposal a request of its own, with its own calendar entry: what it was to replace has ended, unanswered.
   * @returns it as it is then, `undefined` when it was answered meanwhile
   */
  async standAlone({ id, ...key }: AppointmentKey, transaction: Transaction): Promise<AppointmentRecord | undefined> {
    const filter = { ...inUse({ id, ...key }), status: 'pending' } as const;
    const change = { $set: { replacesId: null, calendarUid: uidOf(id), calendarSequence: 0 }, $inc: { version: 1 } };
    const options = { session: transaction, returnDocument: 'after', hint: BY_ID } as const;
    const found = await this.appointments.findOneAndUpdate(filter, change, options).select(LEFT_OUT).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Notes when a side was in the call for the first time. */
  async came(key: AppointmentKey, side: Side, at: Date, transaction: Transaction): Promise<void> {
    const field = side === 'doctor' ? 'doctorCameAt' : 'patientCameAt';
    const filter = { ...inUse(key), [field]: null };
    await this.appointments.updateOne(filter, { $set: { [field]: at } }, { session: transaction, hint: BY_ID });
  }

  /** Moves an appointment that is not closed to another time. */
  async move(key: AppointmentKey, time: AppointmentTime, transaction: Transaction): Promise<void> {
    const filter = { ...inUse(key), closedAt: null };
    await this.appointments.updateOne(filter, { $set: time }, { session: transaction, hint: BY_ID });
  }

  /**
   * Adds a colleague, who is noted by then as a patient is, unless there is no room for one more or the consultation is closed.
   * @returns whether the colleague is new
   */
  async addColleague(
    key: AppointmentKey,
    colleagueId: string,
    limit: number,
    transaction: Transaction,
  ): Promise<boolean> {
    const colleague = toStoredId(colleagueId);
    const { modifiedCount } = await this.appointments.updateOne(
      {
        ...inUse(key),
        closedAt: null,
        colleagueIds: condition({ $ne: colleague }),
        [`colleagueIds.${limit - 1}`]: condition({ $exists: false }),
      },
      { $addToSet: { colleagueIds: colleague } },
      { session: transaction, hint: BY_ID },
    );
    return modifiedCount > 0;
  }

  /** Also of an archived appointment: its record is read there. @returns whether there was such a colleague */
  async removeColleague(key: AppointmentKey, colleagueId: string, transaction: Transaction): Promise<boolean> {
    const places = [
      [this.appointments, inUse(key)],
      [this.archived, inArchive(key)],
    ] as const;
    const [update, options] = [
      { $pull: { colleagueIds: toStoredId(colleagueId) } },
      { session: transaction, hint: BY_ID },
    ];
    for (const [collection, filter] of places) {
      const { matchedCount, modifiedCount } = await collection.updateOne(filter, update, options);
      if (matchedCount > 0) return modifiedCount > 0;
    }
    return false;
  }

  async #update(
    filter: QueryFilter<StoredAppointment>,
    { set = {}, event }: AppointmentUpdate,
    transaction: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const { movedToId, colleagueIds, ...rest } = set;
    const moved = movedToId === undefined ? {} : { movedToId: toStoredId(movedToId) };
    const colleagues = colleagueIds === undefined ? {} : { colleagueIds: colleagueIds.map(toStoredId) };
    const update = { $set: { ...rest, ...moved, ...colleagues }, $inc: { version: 1 }, $push: { events: event } };
    const options = { session: transaction, returnDocument: 'after', hint: BY_ID } as const;
    const found = await this.appointments.findOneAndUpdate(filter, update, options).select(LEFT_OUT).lean();
    return found === null ? undefined : toRecord(found);
  }
}
