import { APPOINTMENT_STATUSES, isActive, type Side } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import { archivedAppointmentModel } from '../archive/archived-appointment.model.ts';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { BY_ID, inArchive, inUse, type AppointmentKey, type AppointmentKeys } from './appointment-keys.ts';
import { appointmentModel, type StoredAppointment, type StoredEvent } from './appointment.model.ts';
import { LEFT_OUT, toRecord, type AppointmentRecord } from './appointment-record.ts';
import { CareRelationRepository } from './care-relation.repository.ts';
import { treatedBy } from './treating.ts';

/** What stands: an offer of another time does not, until both agree. */
const STANDING = [{ status: 'scheduled' }, { status: 'pending', replacesId: null }] as const;

/** Nothing lasts longer than a day: what ends later than now has started after this. */
const dayBefore = (now: Date): Date => new Date(now.getTime() - 24 * 60 * 60_000);

const ownedOn = (side: Side, accountId: string) =>
  side === 'doctor' ? { doctorId: toStoredId(accountId) } : { patientId: toStoredId(accountId) };

const butFor = (ids: readonly string[]) => (ids.length === 0 ? {} : { _id: condition({ $nin: ids.map(toStoredId) }) });

/** A collection of appointments, and how one of them is asked for there. */
type Place = readonly [Model<StoredAppointment>, QueryFilter<StoredAppointment>];

/** What is asked of appointments. Changing them is `AppointmentRepository`'s. */
export abstract class AppointmentReads {
  protected readonly appointments: Model<StoredAppointment>;
  protected readonly archived: Model<StoredAppointment>;
  protected readonly keys: AppointmentKeys;
  readonly #relations: CareRelationRepository;

  protected constructor(connection: Connection, keys: AppointmentKeys) {
    this.appointments = appointmentModel(connection);
    this.archived = archivedAppointmentModel(connection);
    this.#relations = CareRelationRepository.create(connection);
    this.keys = keys;
  }

  /** Also one that has moved to the archive. All shards are asked the first time that this process hears of it. */
  async byId(id: string, transaction?: Transaction): Promise<AppointmentRecord | undefined> {
    for (const [appointments, filter] of this.#placesOf(id)) {
      const query = appointments.findOne(filter).hint(BY_ID).select(LEFT_OUT);
      const found = await query.session(transaction ?? null).lean();
      if (found === null) continue;
      const record = toRecord(found);
      this.keys.remember(record);
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
    const found = await this.appointments.find(filter).hint(BY_ID).select(LEFT_OUT).lean();
    return new Map(found.map((stored) => [stored._id.toHexString(), toRecord(stored)]));
  }

  /** Whether a doctor treats or has treated a patient: `treatedBy` says by which appointments. */
  async treats(doctorId: string, patientId: string, now: Date): Promise<boolean> {
    const filter = { ...treatedBy(toStoredId(doctorId), now), patientId: toStoredId(patientId) };
    const doctors = condition({ $in: await this.#relations.doctorsOf(patientId) });
    if ((await this.appointments.exists({ ...filter, doctorId: doctors })) !== null) return true;
    return (await this.archived.exists(filter)) !== null;
  }

  /** A pair's appointments that still await their consultation, earliest first. */
  async scheduledOfPair(doctorId: string, patientId: string): Promise<AppointmentRecord[]> {
    const filter = { doctorId: toStoredId(doctorId), patientId: toStoredId(patientId), status: 'scheduled' } as const;
    const found = await this.appointments.find(filter).sort({ startsAt: 1 }).select(LEFT_OUT).lean();
    return found.map(toRecord);
  }

  /** The proposal that would replace an appointment, while it awaits an answer. */
  async openProposalFor(
    { id, doctorId }: AppointmentKey,
    transaction?: Transaction,
  ): Promise<AppointmentRecord | undefined> {
    const filter = { replacesId: toStoredId(id), status: 'pending', doctorId: toStoredId(doctorId) } as const;
    const query = this.appointments.findOne(filter).select(LEFT_OUT);
    const found = await query.session(transaction ?? null).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** A doctor's own appointments that are still to come or asked for, from an instant on, by start. */
  async activeOfDoctorFrom(doctorId: string, from: Date, transaction?: Transaction): Promise<AppointmentRecord[]> {
    const query = this.appointments.find({
      doctorId: toStoredId(doctorId),
      startsAt: condition({ $gte: from }),
      status: condition({ $in: APPOINTMENT_STATUSES.filter(isActive) }),
    });
    const found = query.sort({ startsAt: 1 }).select(LEFT_OUT);
    return (await found.session(transaction ?? null).lean()).map(toRecord);
  }

  /**
   * Some of what somebody has to come or has begun, on the given sides. Offers of another time are left out: they end
   * with what they would replace.
   */
  async activeOfSides(
    accountId: string,
    sides: readonly Side[],
    now: Date,
    limit: number,
    transaction?: Transaction,
  ): Promise<AppointmentRecord[]> {
    const facts = { $or: [...STANDING], endsAt: condition({ $gt: now }), startsAt: condition({ $gt: dayBefore(now) }) };
    const found: AppointmentRecord[] = [];
    for (const side of sides) {
      const left = limit - found.length;
      const filter = { ...ownedOn(side, accountId), ...facts };
      if (left > 0) found.push(...(await this.#due(filter, left, transaction)));
    }
    return found;
  }

  /**
   * Whether somebody has an open offer of another time on one of these sides, made or received. It ends with what it would
   * replace, unless nobody answers that one in time: then it is a request of its own.
   */
  async hasOffer(accountId: string, sides: readonly Side[], now: Date, transaction: Transaction): Promise<boolean> {
    const facts = {
      status: 'pending',
      replacesId: condition({ $ne: null }),
      startsAt: condition({ $gt: now }),
    } as const;
    for (const side of sides) {
      const filter = { ...ownedOn(side, accountId), ...facts };
      if ((await this.appointments.exists(filter).session(transaction)) !== null) return true;
    }
    return false;
  }

  /**
   * The doctors of what a patient has asked for or agreed to and is still to come, each as often as there is something.
   * Offers of another time are no appointments of their own.
   */
  async openOfPatient(patientId: string, now: Date, limit: number, transaction?: Transaction): Promise<string[]> {
    const doctors = condition({ $in: await this.#relations.doctorsOf(patientId) });
    const facts = { $or: [...STANDING], startsAt: condition({ $gt: now }) };
    const filter = { doctorId: doctors, patientId: toStoredId(patientId), ...facts };
    const query = this.appointments.find(filter).select('doctorId');
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

  /** Requests and proposals whose time has come without an answer, but for some. */
  async unanswered(now: Date, limit: number, except: readonly string[] = []): Promise<AppointmentRecord[]> {
    return this.#due({ ...butFor(except), status: 'pending', startsAt: condition({ $lte: now }) }, limit);
  }

  /** Agreed appointments that were over by then and that nobody has ended, but for some. */
  async unended(overSince: Date, limit: number, except: readonly string[] = []): Promise<AppointmentRecord[]> {
    return this.#due({ ...butFor(except), status: 'scheduled', endsAt: condition({ $lte: overSince }) }, limit);
  }

  async #due(
    filter: QueryFilter<StoredAppointment>,
    limit: number,
    transaction?: Transaction,
  ): Promise<AppointmentRecord[]> {
    const query = this.appointments.find(filter).sort({ startsAt: 1 }).limit(limit).select(LEFT_OUT);
    return (await query.session(transaction ?? null).lean()).map(toRecord);
  }

  /** Where one of an id may be: first among those in use, then in the archive. */
  #placesOf(id: string): readonly Place[] {
    const key = this.keys.of(id);
    return [
      [this.appointments, key === undefined ? { _id: toStoredId(id) } : inUse(key)],
      [this.archived, key === undefined ? { _id: toStoredId(id) } : inArchive(key)],
    ];
  }
}
