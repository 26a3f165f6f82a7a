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
import { knownZone } from '../time-zone.ts';
import { AppointmentKeys, BY_ID, inArchive, inUse, type AppointmentKey } from './appointment-keys.ts';
import { appointmentModel, type StoredAppointment, type StoredEvent } from './appointment.model.ts';
import { CareRelationRepository } from './care-relation.repository.ts';
import { appointmentTime } from './wall-time.ts';

const MINUTE_MS = 60_000;

/** Ids that are stored as ObjectIds and known as text everywhere else. */
type IdField = 'doctorId' | 'patientId' | 'colleagueIds' | 'replacesId' | 'movedToId';

/** What rules need of an appointment; its note stays in the database. */
export interface AppointmentRecord extends Readonly<
  Omit<StoredAppointment, '_id' | IdField | 'events' | 'createdAt' | 'holds'>
> {
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

/** An appointment in one of these makes its doctors those who treat its patient. */
export const TREATING: AppointmentStatus[] = ['pending', 'scheduled', 'completed'];
/** What a record leaves out. */
export const LEFT_OUT = '-events -createdAt -holds';

/** An appointment without what records leave out. */
export type StoredFacts = Omit<StoredAppointment, 'events' | 'createdAt' | 'holds'>;

export function toRecord({ _id, ...stored }: StoredFacts): AppointmentRecord {
  return {
    ...stored,
    ...(knownZone(stored.timeZone) === undefined ? inUtc(stored) : {}),
    id: _id.toHexString(),
    doctorId: stored.doctorId.toHexString(),
    patientId: stored.patientId.toHexString(),
    colleagueIds: stored.colleagueIds.map((id) => id.toHexString()),
    replacesId: stored.replacesId?.toHexString() ?? null,
    movedToId: stored.movedToId?.toHexString() ?? null,
  };
}

/** Where the zone means no one place, the instant still counts. */
function inUtc({ startsAt, endsAt }: Pick<StoredFacts, 'startsAt' | 'endsAt'>): AppointmentTime {
  return appointmentTime(startsAt, (endsAt.getTime() - startsAt.getTime()) / MINUTE_MS, 'UTC');
}

/** What stands: an offer of another time does not, until both agree. */
const STANDING = [{ status: 'scheduled' }, { status: 'pending', replacesId: null }] as const;

/** Nothing lasts longer than a day: what ends later than now has started after this. */
const dayBefore = (now: Date): Date => new Date(now.getTime() - 24 * 60 * 60_000);

const uidOf = (id: string): string => `${id}@health-connect`;

/** Asks for an appointment to which both have come, or have not; for any where that does not matter. */
function attendance(both: boolean | undefined): QueryFilter<StoredAppointment> {
  if (both === undefined) return {};
  if (!both) return { $or: [{ doctorCameAt: null }, { patientCameAt: null }] };
  return { doctorCameAt: condition({ $ne: null }), patientCameAt: condition({ $ne: null }) };
}

/** A collection of appointments, and how one of them is asked for there. */
type Place = readonly [Model<StoredAppointment>, QueryFilter<StoredAppointment>];

/**
 * Appointments. Every change names the state that it expects, so that two at once cannot both win, and the doctor, so
 * that it is done on one shard. Who takes part in one must have been noted before (`CareRelationRepository`).
 */
export class AppointmentRepository {
  readonly #appointments: Model<StoredAppointment>;
  readonly #archived: Model<StoredAppointment>;
  readonly #relations: CareRelationRepository;
  readonly #keys: AppointmentKeys;

  private constructor(connection: Connection, keys: AppointmentKeys) {
    this.#appointments = appointmentModel(connection);
    this.#archived = archivedAppointmentModel(connection);
    this.#relations = CareRelationRepository.create(connection);
    this.#keys = keys;
  }

  static create(connection: Connection, keys = AppointmentKeys.create()): AppointmentRepository {
    return new AppointmentRepository(connection, keys);
  }

  /** Also one that has moved to the archive. All shards are asked the first time that this process hears of it. */
  async byId(id: string, transaction?: Transaction): Promise<AppointmentRecord | undefined> {
    for (const [appointments, filter] of this.#placesOf(id)) {
      const query = appointments.findOne(filter).hint(BY_ID).select(LEFT_OUT);
      const found = await query.session(transaction ?? null).lean();
      if (found === null) continue;
      const record = toRecord(found);
      this.#keys.remember(record);
      return record;
    }
    return undefined;
  }

  /** Those that proposals would replace, by their ids; they have the same doctors. */
  async replacedBy(proposals: readonly AppointmentRecord[]): Promise<ReadonlyMap<string, AppointmentRecord>> {
    const ids = proposals.flatMap(({ replacesId }) => (replacesId === null ? [] : [toStoredId(replacesId)]));
    if (ids.length === 0) return new Map();
    const doctors = [...new Set(proposals.map(({ doctorId }) => doctorId))].map(toStoredId);
    const filter = { _id: condition({ $in: ids }), doctorId: condition({ $in: doctors }) };
    const found = await this.#appointments.find(filter).hint(BY_ID).select(LEFT_OUT).lean();
    return new Map(found.map((stored) => [stored._id.toHexString(), toRecord(stored)]));
  }

  /**
   * Whether a doctor treats or has treated a patient: has an appointment with them, or is added to one, that stands or
   * has been. One that was called off connects nobody.
   */
  async treats(doctorId: string, patientId: string): Promise<boolean> {
    const id = toStoredId(doctorId);
    const status = condition({ $in: TREATING });
    const filter = { patientId: toStoredId(patientId), $or: [{ doctorId: id }, { colleagueIds: id }], status };
    const doctors = condition({ $in: await this.#relations.doctorsOf(patientId) });
    if ((await this.#appointments.exists({ ...filter, doctorId: doctors })) !== null) return true;
    return (await this.#archived.exists(filter)) !== null;
  }

  /** A pair's appointments that still await their consultation, earliest first. */
  async scheduledOfPair(doctorId: string, patientId: string): Promise<AppointmentRecord[]> {
    const filter = { doctorId: toStoredId(doctorId), patientId: toStoredId(patientId), status: 'scheduled' } as const;
    const found = await this.#appointments.find(filter).sort({ startsAt: 1 }).select(LEFT_OUT).lean();
    return found.map(toRecord);
  }

  /** That its patient has one with its doctor is noted by then (`CareRelationRepository.note`). */
  async insert(appointment: NewAppointment, transaction?: Transaction): Promise<string> {
    const id = newId();
    const { doctorId, patientId, replacesId = null, ...rest } = appointment;
    const ids = { _id: toStoredId(id), doctorId: toStoredId(doctorId), patientId: toStoredId(patientId) };
    const replaces = { replacesId: replacesId === null ? null : toStoredId(replacesId) };
    const document = { calendarUid: uidOf(id), ...rest, ...ids, ...replaces };
    await this.#appointments.create([document], { session: transaction ?? null });
    // Should the transaction fail, nothing is found under this id, which nobody else will get.
    this.#keys.remember({ id, doctorId, patientId });
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
    await this.#appointments.updateOne(inUse(key), { $inc: { holds: 1 } }, { session: transaction, hint: BY_ID });
  }

  /** The proposal that would replace an appointment, while it awaits an answer. */
  async openProposalFor(
    { id, doctorId }: AppointmentKey,
    transaction?: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const filter = { replacesId: toStoredId(id), status: 'pending', doctorId: toStoredId(doctorId) } as const;
    const query = this.#appointments.findOne(filter).select(LEFT_OUT);
    const found = await query.session(transaction ?? null).lean();
    return found === null ? undefined : toRecord(found);
  }

  /**
   * Makes a proposal a request of its own, with its own calendar entry: what it was to replace has ended, unanswered.
   * @returns it as it is then, `undefined` when it was answered meanwhile
   */
  async standAlone({ id, ...key }: AppointmentKey, transaction: Transaction): Promise<AppointmentRecord | undefined> {
    const filter = { ...inUse({ id, ...key }), status: 'pending' } as const;
    const change = { $set: { replacesId: null, calendarUid: uidOf(id), calendarSequence: 0 }, $inc: { version: 1 } };
    const options = { session: transaction, returnDocument: 'after', hint: BY_ID } as const;
    const found = await this.#appointments.findOneAndUpdate(filter, change, options).select(LEFT_OUT).lean();
    return found === null ? undefined : toRecord(found);
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

  /**
   * Some of what somebody has to come or has begun, as its doctor or its patient. Offers of another time are left out:
   * they end with what they would replace.
   */
  async activeOfSide(accountId: string, now: Date, limit: number): Promise<AppointmentRecord[]> {
    const id = toStoredId(accountId);
    const facts = { $or: [...STANDING], endsAt: condition({ $gt: now }), startsAt: condition({ $gt: dayBefore(now) }) };
    const found: AppointmentRecord[] = [];
    for (const side of [{ doctorId: id }, { patientId: id }]) {
      const left = limit - found.length;
      if (left > 0) found.push(...(await this.#due({ ...side, ...facts }, left)));
    }
    return found;
  }

  /**
   * The doctors of what a patient has asked for or agreed to and is still to come, each as often as there is something.
   * Offers of another time are no appointments of their own.
   */
  async openOfPatient(patientId: string, now: Date, limit: number, transaction?: Transaction): Promise<string[]> {
    const doctors = condition({ $in: await this.#relations.doctorsOf(patientId) });
    const facts = { $or: [...STANDING], startsAt: condition({ $gt: now }) };
    const filter = { doctorId: doctors, patientId: toStoredId(patientId), ...facts };
    const query = this.#appointments.find(filter).select('doctorId');
    const found = await query
      .sort({ startsAt: 1 })
      .limit(limit)
      .session(transaction ?? null)
      .lean();
    return found.map(({ doctorId }) => doctorId.toHexString());
  }

  /** The last that became of an appointment, oldest first. */
  async eventsOf(id: string, limit: number): Promise<StoredEvent[]> {
    for (const [appointments, filter] of this.#placesOf(id)) {
      const found = await appointments
        .findOne(filter)
        .hint(BY_ID)
        .select({ _id: 1, events: { $slice: -limit } })
        .lean();
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
  async came(key: AppointmentKey, side: Side, at: Date, transaction: Transaction): Promise<void> {
    const field = side === 'doctor' ? 'doctorCameAt' : 'patientCameAt';
    const filter = { ...inUse(key), [field]: null };
    await this.#appointments.updateOne(filter, { $set: { [field]: at } }, { session: transaction, hint: BY_ID });
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
    const found = await this.#appointments.findOneAndUpdate(filter, update, options).select(LEFT_OUT).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Where one of an id may be: first among those in use, then in the archive. */
  #placesOf(id: string): readonly Place[] {
    const key = this.#keys.of(id);
    return [
      [this.#appointments, key === undefined ? { _id: toStoredId(id) } : inUse(key)],
      [this.#archived, key === undefined ? { _id: toStoredId(id) } : inArchive(key)],
    ];
  }

  async #due(filter: QueryFilter<StoredAppointment>, limit: number): Promise<AppointmentRecord[]> {
    const query = this.#appointments.find(filter).sort({ startsAt: 1 }).limit(limit);
    return (await query.select(LEFT_OUT).lean()).map(toRecord);
  }

  /** Moves an appointment that is not closed to another time. */
  async move(key: AppointmentKey, time: AppointmentTime, transaction: Transaction): Promise<void> {
    const filter = { ...inUse(key), closedAt: null };
    await this.#appointments.updateOne(filter, { $set: time }, { session: transaction, hint: BY_ID });
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
    const { modifiedCount } = await this.#appointments.updateOne(
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
      [this.#appointments, inUse(key)],
      [this.#archived, inArchive(key)],
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
}
