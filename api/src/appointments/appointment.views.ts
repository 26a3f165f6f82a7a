import {
  changesFor,
  isActive,
  ProductError,
  RATING_CHANGE_DAYS,
  RATING_DAYS,
  type Appointment,
  type Door,
  type NoteState,
  type Party,
} from '@health-connect/contract';
import type { AccountRecord, AccountRepository } from '../accounts/account.repository.ts';
import type { Clock } from '../clock.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { partyOf } from '../policy/policy.ts';
import type { AppointmentRecord } from './appointment-record.ts';
import type { AppointmentRepository } from './appointment.repository.ts';
import { changeFacts } from './change-facts.ts';
import { doorOf } from './door.ts';

interface Parts {
  readonly accounts: AccountRepository;
  readonly appointments: Pick<AppointmentRepository, 'replacedBy'>;
  readonly doctors: DoctorRepository;
  readonly clock: Clock;
  readonly joinEarlyMinutes: number;
}

/** What the viewer is in an appointment, and whether its door is open to them. */
interface Place {
  readonly party: Party;
  readonly door: Door;
}

/** What views of appointments tell beside them. */
interface Surroundings {
  readonly people: ReadonlyMap<string, AccountRecord>;
  readonly specializations: ReadonlyMap<string, string>;
  /** What proposals would replace. */
  readonly replaced: ReadonlyMap<string, AppointmentRecord>;
}

const DAY_MS = 24 * 60 * 60_000;

/** Appointments as one of their parties sees them. Who may see them has been decided before. */
export class AppointmentViews {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AppointmentViews {
    return new AppointmentViews(parts);
  }

  /** @throws ProductError `forbidden` when the viewer is no party of it */
  async one(record: AppointmentRecord, viewerId: string): Promise<Appointment> {
    const [view] = await this.of([record], viewerId);
    if (view === undefined) throw new ProductError('not_found');
    return view;
  }

  /** @throws ProductError `forbidden` when the viewer is no party of one of them */
  async of(records: readonly AppointmentRecord[], viewerId: string): Promise<Appointment[]> {
    return this.#all(records, (record) => this.#placeIn(record, viewerId));
  }

  /**
   * Appointments in the record of a patient, for somebody who may read the whole of it: who treats the patient sees
   * what others did as their colleagues do, but the doors of others are closed to them.
   */
  async inRecord(records: readonly AppointmentRecord[], viewerId: string): Promise<Appointment[]> {
    return this.#all(records, (record) =>
      partyOf(record, viewerId) === undefined ? this.#besideIt(record) : this.#placeIn(record, viewerId),
    );
  }

  async #all(records: readonly AppointmentRecord[], placeIn: (record: AppointmentRecord) => Place) {
    const { accounts, appointments, doctors } = this.#parts;
    const ids = records.flatMap((record) => [record.doctorId, record.patientId, ...record.colleagueIds]);
    const [people, specializations, replaced] = await Promise.all([
      accounts.byIds(ids),
      doctors.specializations(records.map((record) => record.doctorId)),
      appointments.replacedBy(records.filter(({ status }) => status === 'pending')),
    ]);
    return records.map((record) => this.#view(record, placeIn(record), { people, specializations, replaced }));
  }

  #view(
    record: AppointmentRecord,
    { party: myParty, door }: Place,
    { people, specializations, replaced }: Surroundings,
  ): Appointment {
    const facts = changeFacts(record, this.#parts.clock.now(), replaced.get(record.replacesId ?? ''));
    return {
      id: record.id,
      version: record.version,
      status: record.status,
      awaiting: record.awaiting,
      outcome: record.outcome,
      ending:
        record.ending === null
          ? null
          : { ...record.ending, reasonKind: record.ending.reasonKind ?? null, at: record.ending.at.toISOString() },
      mode: record.mode,
      startsAt: record.startsAt.toISOString(),
      endsAt: record.endsAt.toISOString(),
      timeZone: record.timeZone,
      date: record.date,
      startTime: record.startTime,
      endTime: record.endTime,
      reason: record.reason,
      comment: record.comment,
      replacesId: record.replacesId,
      movedToId: record.movedToId,
      proposedBy: record.proposedBy,
      doctor: { ...person(people, record.doctorId), specialization: specializations.get(record.doctorId) ?? '' },
      patient: person(people, record.patientId),
      colleagues: record.colleagueIds.map((id) => person(people, id)),
      myParty,
      changes: myParty === 'colleague' ? [] : changesFor(facts, myParty),
      note: noteStateFor(record, myParty),
      rating: ratingOf(record, myParty),
      rateableUntil: rateableUntil(record, myParty, this.#parts.clock.now()),
      door,
    };
  }

  #placeIn(record: AppointmentRecord, viewerId: string): Place {
    return { party: partyFor(record, viewerId), door: this.#doorOf(record) };
  }

  #besideIt(record: AppointmentRecord): Place {
    return { party: 'colleague', door: { ...this.#doorOf(record), state: 'closed' } };
  }

  #doorOf(record: AppointmentRecord): Door {
    const { clock, joinEarlyMinutes } = this.#parts;
    return doorOf(record, joinEarlyMinutes, clock.now());
  }
}

function partyFor(record: AppointmentRecord, viewerId: string): Party {
  const party = partyOf(record, viewerId);
  if (party === undefined) throw new ProductError('forbidden');
  return party;
}

/** A person as others see them; an account that is gone leaves its place unnamed. */
function person(people: ReadonlyMap<string, AccountRecord>, id: string): Appointment['patient'] {
  const account = people.get(id);
  return { id, name: account?.name ?? '', avatarId: account?.avatarId ?? null };
}

/** Nobody but its doctor learns of a draft; a patient cannot open what is not shared. */
function noteStateFor({ noteState, noteShared }: AppointmentRecord, viewer: Party): NoteState {
  if (viewer === 'doctor') return noteState;
  if (viewer === 'colleague') return noteState === 'signed' ? 'signed' : 'none';
  if (noteState !== 'signed') return 'none';
  return noteShared ? 'signed' : 'sealed';
}

function ratingOf({ rating, review, ratedAt }: AppointmentRecord, viewer: Party): Appointment['rating'] {
  if (rating === null || ratedAt === null || viewer === 'colleague') return null;
  return { rating, review, ratedAt: ratedAt.toISOString(), editableUntil: changeableUntil(ratedAt).toISOString() };
}

const changeableUntil = (ratedAt: Date): Date => new Date(ratedAt.getTime() + RATING_CHANGE_DAYS * DAY_MS);

/** Until when a visit can be rated, or its rating be changed; undefined when there is nothing to rate. */
export function ratingEnd(
  record: Pick<AppointmentRecord, 'status' | 'outcome' | 'closedAt' | 'ratedAt'>,
): Date | undefined {
  const { status, outcome, closedAt, ratedAt } = record;
  if (isActive(status) || status !== 'completed' || outcome !== 'met' || closedAt === null) return undefined;
  return ratedAt === null ? new Date(closedAt.getTime() + RATING_DAYS * DAY_MS) : changeableUntil(ratedAt);
}

function rateableUntil(record: AppointmentRecord, viewer: Party, nowMs: number): string | null {
  const end = ratingEnd(record);
  return viewer === 'patient' && end !== undefined && end.getTime() > nowMs ? end.toISOString() : null;
}
