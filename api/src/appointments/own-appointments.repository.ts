import { MOST_IN_A_WEEK, type AppointmentStatus } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import type { AppointmentKeys } from './appointment-keys.ts';
import { appointmentModel, type StoredAppointment } from './appointment.model.ts';
import { LEFT_OUT, toRecord, type AppointmentRecord, type StoredFacts } from './appointment-record.ts';
import { CareRelationRepository } from './care-relation.repository.ts';

/** How many a list has, and how many of them are kept for what is asked for and what is to come. */
const LIMITS = { all: 500, asked: 100, coming: 250 } as const;

/** Few are asked for at a time: without a hint, the database now and then looks through everybody's requests instead. */
const OF_DOCTOR_IN_STATUS = { doctorId: 1, status: 1, startsAt: -1, patientId: 1 } as const;
const OF_DOCTOR = { doctorId: 1, startsAt: 1 } as const;
/** Somebody has few with one doctor, a doctor may have many: so these begin with the one whose list it is. */
const OF_COLLEAGUE = { colleagueIds: 1, startsAt: 1 } as const;
const OF_PATIENT = { patientId: 1, startsAt: 1, _id: 1 } as const;

/** What takes up no time. */
const GONE: AppointmentStatus[] = ['cancelled', 'rescheduled'];

type Filter = QueryFilter<StoredAppointment>;
type Time = NonNullable<Filter['startsAt']>;

/** Part of a list: whose appointments, and the index in whose order they come. */
interface Part {
  readonly whose: Filter;
  readonly index: Readonly<Record<string, 1>>;
}

/**
 * Somebody's own appointments as lists show them. A list is bounded, but never lacks what is close: requests that wait
 * for an answer and appointments to come are those that come first, past ones the latest. Each asks only where the
 * doctors are with whom the person has appointments (`CareRelationRepository`).
 */
export class OwnAppointmentsRepository {
  readonly #appointments: Model<StoredAppointment>;
  readonly #relations: CareRelationRepository;
  readonly #keys: Pick<AppointmentKeys, 'remember'>;

  private constructor(connection: Connection, keys: Pick<AppointmentKeys, 'remember'>) {
    this.#appointments = appointmentModel(connection);
    this.#relations = CareRelationRepository.create(connection);
    this.#keys = keys;
  }

  /** @param keys that learn of everything that was listed: it is what is opened next */
  static create(connection: Connection, keys: Pick<AppointmentKeys, 'remember'>): OwnAppointmentsRepository {
    return new OwnAppointmentsRepository(connection, keys);
  }

  /** A doctor's appointments, own and as a colleague, by start. */
  async ofDoctor(doctorId: string, now: Date): Promise<AppointmentRecord[]> {
    const asked = this.#appointments
      .find({ doctorId: toStoredId(doctorId), status: 'pending', startsAt: condition({ $gte: now }) })
      .hint(OF_DOCTOR_IN_STATUS)
      .sort({ startsAt: 1 })
      .limit(LIMITS.asked);
    return this.#around(now, await asked.select(LEFT_OUT).lean(), await this.#partsOfDoctor(doctorId));
  }

  /**
   * A doctor's appointments that start in [from, to), own and as a colleague, by start (R25). What takes up time is never
   * left out for what was called off or moved away.
   */
  async ofDoctorBetween(
    doctorId: string,
    from: Date,
    to: Date,
  ): Promise<{ readonly records: AppointmentRecord[]; readonly isWhole: boolean }> {
    const parts = await this.#partsOfDoctor(doctorId);
    const time = condition({ $gte: from, $lt: to });
    const records = await this.#starting(time, parts, 1, MOST_IN_A_WEEK + 1);
    if (records.length <= MOST_IN_A_WEEK) return { records, isWhole: true };
    const standing = parts.map((part) => ({ ...part, whose: { ...part.whose, status: condition({ $nin: GONE }) } }));
    return { records: await this.#starting(time, standing, 1, MOST_IN_A_WEEK), isWhole: false };
  }

  /** A patient's appointments, by start. */
  async ofPatient(patientId: string, now: Date): Promise<AppointmentRecord[]> {
    const doctors = await this.#relations.doctorsOf(patientId);
    const whose = { patientId: toStoredId(patientId), doctorId: condition({ $in: doctors }) };
    return this.#around(now, [], [{ whose, index: OF_PATIENT }]);
  }

  async #partsOfDoctor(doctorId: string): Promise<Part[]> {
    const id = toStoredId(doctorId);
    const own: Part = { whose: { doctorId: id }, index: OF_DOCTOR };
    const others = await this.#relations.doctorsOf(doctorId);
    if (others.length === 0) return [own];
    return [own, { whose: { colleagueIds: id, doctorId: condition({ $in: others }) }, index: OF_COLLEAGUE }];
  }

  /** @param asked what waits for an answer @param parts of which the list is made */
  async #around(now: Date, asked: readonly StoredFacts[], parts: readonly Part[]): Promise<AppointmentRecord[]> {
    const coming = await this.#starting(condition({ $gte: now }), parts, 1, LIMITS.coming);
    const known = new Set(coming.map(({ id }) => id));
    const further = asked.map(toRecord).filter(({ id }) => !known.has(id));
    const room = LIMITS.all - coming.length - further.length;
    const past = await this.#starting(condition({ $lt: now }), parts, -1, room);
    // What is asked for and not among the nearest starts after all of these.
    return [...past.reverse(), ...coming, ...further];
  }

  /** The first ones of all parts together, in order of their start. */
  async #starting(startsAt: Time, parts: readonly Part[], order: 1 | -1, limit: number): Promise<AppointmentRecord[]> {
    const found = parts.map(async ({ whose, index }) => {
      const query = this.#appointments
        .find({ ...whose, startsAt })
        .hint(index)
        .sort({ startsAt: order })
        .limit(limit);
      return (await query.select(LEFT_OUT).lean()).map(toRecord);
    });
    const records = (await Promise.all(found)).flat();
    for (const record of records) this.#keys.remember(record);
    if (parts.length === 1) return records;
    return records.sort((one, other) => order * (one.startsAt.getTime() - other.startsAt.getTime())).slice(0, limit);
  }
}
