import { ProductError, type AppointmentMode, type OfferedSlot, type Schedule } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { ClaimRepository, TakenTime } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { NEVER } from '../doctors/listing.model.ts';
import type { ListingRepository } from '../doctors/listing.repository.ts';
import { bookableTime, notBookable } from './bookable-time.ts';
import { openScheduleOf } from './schedule-of.ts';
import { slotsBetween, type ScheduledSlot } from './slots.ts';
import { freeOf } from './taken-slots.ts';

/** A time as it is asked for: by the doctor's wall time, or by the instant alone. */
export type WantedTime =
  | { readonly startsAt: Date }
  | {
      readonly date: string;
      readonly startTime: string;
      readonly endTime: string;
      readonly startsAt?: Date | undefined;
    };

interface SlotOptions {
  readonly mode?: AppointmentMode;
  readonly anyNotice?: boolean;
  readonly keptAt?: Date | undefined;
}

/** A slot of a doctor who can be booked. */
export interface FoundSlot {
  readonly slot: ScheduledSlot;
  readonly schedule: Schedule;
  readonly doctorName: string;
  /** Version of the schedule in which it was found. */
  readonly scheduleVersion: number;
}

/** Who wants to meet whom, when, and how, where that is settled. */
export interface Meeting {
  readonly doctorId: string;
  readonly patientId: string;
  readonly startsAt: Date;
  readonly mode?: AppointmentMode | undefined;
}

interface Parts {
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly claims: ClaimRepository;
  readonly listings: ListingRepository;
  readonly clock: Clock;
}

const DAY_MS = 24 * 60 * 60_000;
/** How far around a time that was taken others are looked for: closer first, which is enough as a rule. */
const NEAR_MS = [DAY_MS / 2, 2 * DAY_MS, 14 * DAY_MS] as const;
/** Nothing is offered that lies further from the time that was taken: the longest notice comes first, and a day's slots. */
const PATIENT_NEAR_MS = 30 * DAY_MS;

/** What can be booked with whom. */
export class AvailabilityService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AvailabilityService {
    return new AvailabilityService(parts);
  }

  /**
   * The slot that is asked for, whether it is free or not.
   * @param options `anyNotice`: also when it starts sooner than the doctor's notice, but not in the past; `keptAt`:
   * the same for the slot that starts then, which is kept for who asks: it could be chosen, so it can be booked
   * @throws ProductError `not_found` for a doctor who cannot be booked, `slot_unknown`, `slot_too_soon`, `slot_too_far`,
   * `mode_unavailable`
   */
  async slotAt(doctorId: string, wanted: WantedTime, options: SlotOptions = {}): Promise<FoundSlot> {
    const { schedule, doctorName, scheduleVersion } = await this.bookable(doctorId);
    const slot = findSlot(schedule, wanted);
    if (slot === undefined) throw new ProductError('slot_unknown');
    const nowMs = this.#parts.clock.now();
    const refusal = notBookable(slot.startsAt, schedule, nowMs);
    const isKept = options.keptAt?.getTime() === slot.startsAt.getTime();
    const mayBeSoon = (options.anyNotice === true || isKept) && slot.startsAt.getTime() > nowMs;
    const isForgiven = refusal === 'slot_too_soon' && mayBeSoon;
    if (refusal !== undefined && !isForgiven) throw new ProductError(refusal);
    if (options.mode !== undefined && !slot.modes.includes(options.mode)) throw new ProductError('mode_unavailable');
    return { slot, schedule, doctorName, scheduleVersion };
  }

  /**
   * Slots nearest to a time at which doctor and patient are both free, of the way of meeting that is wanted: of the same
   * doctor, then of others of the same specialization, of those first who are free first.
   */
  async nearestFree(meeting: Meeting, count: number): Promise<OfferedSlot[]> {
    const { claims, clock } = this.#parts;
    const { doctorId, patientId, startsAt } = meeting;
    const now = new Date(clock.now());
    const [from, to] = [-PATIENT_NEAR_MS, PATIENT_NEAR_MS].map((ms) => new Date(startsAt.getTime() + ms));
    if (from === undefined || to === undefined) return [];
    const patientTaken = await claims.takenOf(patientId, from, to, now);
    const offers = await this.#nearestOf(doctorId, meeting, patientTaken, count);
    if (offers.length >= count) return offers;
    for (const colleagueId of await this.#colleaguesOf(meeting, count)) {
      if (offers.length >= count) break;
      offers.push(...(await this.#nearestOf(colleagueId, meeting, patientTaken, count - offers.length)));
    }
    return offers;
  }

  /** A doctor's name and schedule. @throws ProductError `not_found` for one who cannot be booked */
  async bookable(doctorId: string): Promise<Omit<FoundSlot, 'slot'>> {
    const { accounts, doctors } = this.#parts;
    const [account, doctor] = await Promise.all([accounts.byId(doctorId), doctors.byId(doctorId)]);
    if (account?.role !== 'doctor' || account.status !== 'active' || doctor === undefined) {
      throw new ProductError('not_found');
    }
    return { schedule: openScheduleOf(doctor), doctorName: account.name, scheduleVersion: doctor.scheduleVersion };
  }

  /** Who has the same specialization and free time, the earliest first. */
  async #colleaguesOf({ doctorId, mode }: Meeting, count: number): Promise<string[]> {
    const { doctors, listings } = this.#parts;
    const specialization = (await doctors.specializations([doctorId])).get(doctorId) ?? '';
    if (specialization === '') return [];
    const nothing = { term: undefined, minimumYears: undefined, language: undefined, after: undefined };
    const asked = { ...nothing, specialization, mode, sort: 'soonest', freeBefore: NEVER, limit: count + 1 } as const;
    const found = await listings.search(asked);
    return found.map(({ id }) => id).filter((id) => id !== doctorId);
  }

  async #nearestOf(
    doctorId: string,
    { startsAt, mode }: Meeting,
    patientTaken: readonly TakenTime[],
    count: number,
  ): Promise<OfferedSlot[]> {
    const { claims, clock } = this.#parts;
    const doctor = await this.bookable(doctorId).catch((error: unknown) => {
      if (error instanceof ProductError && error.code === 'not_found') return undefined;
      throw error;
    });
    if (doctor === undefined) return [];
    const { schedule, doctorName } = doctor;
    const now = new Date(clock.now());
    const bookable = bookableTime(schedule, now.getTime());
    const distance = (slot: ScheduledSlot): number => Math.abs(slot.startsAt.getTime() - startsAt.getTime());
    let nearest: ScheduledSlot[] = [];
    for (const nearMs of NEAR_MS) {
      if (nearest.length >= count) break;
      const from = new Date(Math.max(bookable.from.getTime(), startsAt.getTime() - nearMs));
      const to = new Date(Math.min(bookable.to.getTime(), Math.max(startsAt.getTime(), from.getTime()) + nearMs));
      const wanted = slotsBetween(schedule, from, to).filter(({ modes }) => mode === undefined || modes.includes(mode));
      const taken = await claims.takenOf(doctorId, from, new Date(to.getTime() + DAY_MS), now);
      nearest = freeOf(freeOf(wanted, patientTaken), taken)
        .sort((one, other) => distance(one) - distance(other))
        .slice(0, count);
    }
    return nearest
      .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime())
      .map((slot) => ({ doctorId, doctorName, timeZone: schedule.timeZone, slot: freeSlot(slot) }));
  }
}

function findSlot(schedule: Schedule, wanted: WantedTime): ScheduledSlot | undefined {
  if (!('date' in wanted)) {
    const [slot] = slotsBetween(schedule, wanted.startsAt, new Date(wanted.startsAt.getTime() + 1));
    return slot;
  }
  const { date, startTime, endTime, startsAt } = wanted;
  const noon = Date.parse(`${date}T12:00:00Z`);
  return slotsBetween(schedule, new Date(noon - 2 * DAY_MS), new Date(noon + 2 * DAY_MS)).find(
    (slot) =>
      slot.date === date &&
      slot.startTime === startTime &&
      slot.endTime === endTime &&
      (startsAt === undefined || slot.startsAt.getTime() === startsAt.getTime()),
  );
}

function freeSlot(slot: ScheduledSlot): OfferedSlot['slot'] {
  return {
    ...slot,
    startsAt: slot.startsAt.toISOString(),
    endsAt: slot.endsAt.toISOString(),
    modes: [...slot.modes],
    state: 'free',
  };
}
