import { toStoredId } from '../database/ids.ts';

/**
 * What never changes of an appointment (the model sees to it), and by which it is found on one shard: while it is in
 * use by its doctor, in the archive by its patient (`SHARD_KEYS`).
 */
export interface AppointmentKey {
  readonly id: string;
  readonly doctorId: string;
  readonly patientId: string;
}

/** So many are remembered: some megabytes. */
const REMEMBERED = 20_000;

/** By its id alone the database would compare plans for the other field, too. */
export const BY_ID = { _id: 1 } as const;

/** Asks for an appointment that is in use. */
export const inUse = ({ id, doctorId }: Omit<AppointmentKey, 'patientId'>) => ({
  _id: toStoredId(id),
  doctorId: toStoredId(doctorId),
});

/** Asks for an appointment that has moved to the archive. */
export const inArchive = ({ id, patientId }: Omit<AppointmentKey, 'doctorId'>) => ({
  _id: toStoredId(id),
  patientId: toStoredId(patientId),
});

/**
 * Whose the appointments are that this process has read or made lately. An address holds nothing but an id; who follows
 * it has mostly seen the appointment in a list before. What is remembered cannot become wrong: it never changes.
 */
export class AppointmentKeys {
  readonly #limit: number;
  /** The one that was needed longest ago comes first. */
  readonly #keys = new Map<string, AppointmentKey>();

  private constructor(limit: number) {
    this.#limit = limit;
  }

  static create(limit = REMEMBERED): AppointmentKeys {
    return new AppointmentKeys(limit);
  }

  of(id: string): AppointmentKey | undefined {
    const key = this.#keys.get(id);
    if (key !== undefined) this.#put(key);
    return key;
  }

  remember({ id, doctorId, patientId }: AppointmentKey): void {
    this.#put({ id, doctorId, patientId });
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > this.#limit && oldest !== undefined) this.#keys.delete(oldest);
  }

  #put(key: AppointmentKey): void {
    this.#keys.delete(key.id);
    this.#keys.set(key.id, key);
  }
}
