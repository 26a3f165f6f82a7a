import { knownZone } from '../time-zone.ts';
import type { StoredAppointment, StoredEvent } from './appointment.model.ts';
import { appointmentTime, type AppointmentTime } from './wall-time.ts';

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
