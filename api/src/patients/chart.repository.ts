import type { Connection, Model, PipelineStage, QueryFilter, Types } from 'mongoose';
import type { AppointmentKeys } from '../appointments/appointment-keys.ts';
import { appointmentModel, type StoredAppointment } from '../appointments/appointment.model.ts';
import { LEFT_OUT, toRecord, type AppointmentRecord } from '../appointments/appointment-record.ts';
import { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import { missedForLong, missedWithoutNote } from '../appointments/treating.ts';
import { archivedAppointmentModel } from '../archive/archived-appointment.model.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import type { Position } from '../database/time-cursor.ts';

/** A patient of a doctor. */
export interface SeenPatient {
  readonly patientId: string;
  readonly lastVisitAt: Date;
}

interface Seen {
  readonly _id: Types.ObjectId;
  readonly lastVisitAt: Date;
}

/** Where a page begins and how long it is. */
interface Page {
  readonly after: Position | undefined;
  readonly limit: number;
}

/** Statuses of visits that took place, or were to. */
const VISITED = ['scheduled', 'completed'] as const;

/** In the order of a history: somebody has few appointments with one doctor, a doctor may have many. */
const OF_PATIENT = { patientId: 1, startsAt: 1, _id: 1 } as const;

/** Appointments across the years: those in use, and those that have moved to the archive. */
export class ChartRepository {
  readonly #appointments: Model<StoredAppointment>;
  readonly #archived: Model<StoredAppointment>;
  readonly #relations: CareRelationRepository;
  readonly #keys: Pick<AppointmentKeys, 'remember'>;

  private constructor(connection: Connection, keys: Pick<AppointmentKeys, 'remember'>) {
    this.#appointments = appointmentModel(connection);
    this.#archived = archivedAppointmentModel(connection);
    this.#relations = CareRelationRepository.create(connection);
    this.#keys = keys;
  }

  /** @param keys that learn of everything that a history shows: it is what is opened next */
  static create(connection: Connection, keys: Pick<AppointmentKeys, 'remember'>): ChartRepository {
    return new ChartRepository(connection, keys);
  }

  /**
   * A patient's appointments, newest first.
   * @param readerId a doctor who reads it: of others' appointments, only those that stand or have been
   */
  async history(patientId: string, { after, limit }: Page, readerId: string | undefined): Promise<AppointmentRecord[]> {
    const filter: QueryFilter<StoredAppointment> = {
      patientId: toStoredId(patientId),
      ...(after === undefined ? {} : { startsAt: condition({ $lte: after.at }) }),
      $and: [after === undefined ? {} : behind(after), readerId === undefined ? {} : readableBy(readerId)],
    };
    const page = (appointments: Model<StoredAppointment>, where: QueryFilter<StoredAppointment>) =>
      appointments.find(where).sort({ startsAt: -1, _id: -1 }).limit(limit).select(LEFT_OUT);
    const doctors = await this.#relations.doctorsOf(patientId);
    const inUse = page(this.#appointments, { ...filter, doctorId: condition({ $in: doctors }) }).hint(OF_PATIENT);
    const found = new Map<string, AppointmentRecord>();
    // In this order: one that is moved to the archive meanwhile is found twice, not never.
    for (const query of [inUse, page(this.#archived, filter)]) {
      for (const stored of await query.lean()) {
        const record = toRecord(stored);
        this.#keys.remember(record);
        found.set(record.id, record);
      }
    }
    return [...found.values()].sort(newestFirst).slice(0, limit);
  }

  /**
   * Patients whom a doctor has seen by now, or was to see, as its doctor or as a colleague; last seen first. They are
   * those whose charts the doctor can read (`treatedBy`): whom the doctor has only missed, and long ago, is left out.
   */
  async patientsOf(doctorId: string, now: Date, { after, limit }: Page): Promise<SeenPatient[]> {
    const id = toStoredId(doctorId);
    const past = { status: { $in: [...VISITED] }, startsAt: { $lte: now } };
    const others = await this.#relations.doctorsOf(doctorId);
    const connects = { $nor: [missedForLong(now)] };
    const own = byPatient({ doctorId: id, ...past });
    // Taken off again: whether one was missed is not in the index from whose keys all of a doctor's are gathered.
    const missed = byPatient({ doctorId: id, ...missedWithoutNote(now) }, -1);
    const added = byPatient({ colleagueIds: id, doctorId: { $in: others }, ...past, ...connects });
    const archivedAdded = byPatient({ colleagueIds: id, ...past, ...connects });
    const inUse = this.#appointments.collection.collectionName;
    const archive = this.#archived.collection.collectionName;
    const rest: PipelineStage[] = [
      { $unionWith: { coll: inUse, pipeline: missed } },
      { $unionWith: { coll: inUse, pipeline: added } },
      { $unionWith: { coll: archive, pipeline: own } },
      { $unionWith: { coll: archive, pipeline: missed } },
      { $unionWith: { coll: archive, pipeline: archivedAdded } },
      { $group: { _id: '$_id', lastVisitAt: { $max: '$lastVisitAt' }, visits: { $sum: '$visits' } } },
      { $match: { visits: { $gt: 0 } } },
      ...(after === undefined ? [] : [{ $match: lastSeenBefore(after) }]),
      { $sort: { lastVisitAt: -1, _id: -1 } },
      { $limit: limit },
    ];
    const found = await this.#appointments.aggregate<Seen>([...own, ...rest]);
    return found.map(({ _id, lastVisitAt }) => ({ patientId: _id.toHexString(), lastVisitAt }));
  }
}

/** @param weight what each visit counts */
const byPatient = (match: object, weight = 1): [PipelineStage.Match, PipelineStage.Group] => [
  { $match: match },
  { $group: { _id: '$patientId', lastVisitAt: { $max: '$startsAt' }, visits: { $sum: weight } } },
];

const behind = ({ at, id }: Position): QueryFilter<StoredAppointment> => ({
  $or: [{ startsAt: condition({ $lt: at }) }, { _id: condition({ $lt: toStoredId(id) }) }],
});

function readableBy(doctorId: string): QueryFilter<StoredAppointment> {
  const id = toStoredId(doctorId);
  const status = condition({ $in: [...VISITED] });
  return { $or: [{ doctorId: id }, { colleagueIds: id }, { status }] };
}

const lastSeenBefore = ({ at, id }: Position) => ({
  $or: [{ lastVisitAt: { $lt: at } }, { lastVisitAt: at, _id: { $lt: toStoredId(id) } }],
});

function newestFirst(one: AppointmentRecord, other: AppointmentRecord): number {
  const byStart = other.startsAt.getTime() - one.startsAt.getTime();
  if (byStart !== 0) return byStart;
  return one.id < other.id ? 1 : -1;
}
