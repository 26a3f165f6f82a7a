import { ProductError, type AppointmentMode, type OfferedSlot, type Schedule } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { ClaimRepository } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { bookableTime, notBookable } from './bookable-time.ts';
import { scheduleOf } from './schedule-of.ts';
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

/** Who wants to meet whom, and when. */
export interface Meeting {
  readonly doctorId: string;
  readonly patientId: string;
  readonly startsAt: Date;
}

interface Parts {
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly claims: ClaimRepository;
  readonly clock: Clock;
}

const DAY_MS = 24 * 60 * 60_000;
/** How far around a time that was taken others are looked for: closer first, which is enough as a rule. */
const NEAR_MS = [DAY_MS / 2, 2 * DAY_MS, 14 * DAY_MS] as const;

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
   * Slots nearest to a time at which doctor and patient are both free: of the same doctor, then of others of the same
   * specialization.
   */
  async nearestFree({ doctorId, patientId, startsAt }: Meeting, count: number): Promise<OfferedSlot[]> {
    const { doctors } = this.#parts;
    const own = await this.#nearestOf({ doctorId, patientId, startsAt }, count);
    if (own.length >= count) return own;
    const offers = [...own];
    for (const colleagueId of await doctors.colleaguesOf(doctorId, count * 2)) {
      if (offers.length >= count) break;
      offers.push(...(await this.#nearestOf({ doctorId: colleagueId, patientId, startsAt }, count - offers.length)));
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
    return { schedule: scheduleOf(doctor), doctorName: account.name, scheduleVersion: doctor.scheduleVersion };
  }

  async #nearestOf({ doctorId, patientId, startsAt }: Meeting, count: number): Promise<OfferedSlot[]> {
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
      const end = new Date(to.getTime() + DAY_MS);
      const taken = await Promise.all([doctorId, patientId].map((id) => claims.takenOf(id, from, end, now)));
      nearest = taken
        .reduce(freeOf, slotsBetween(schedule, from, to))
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
