import type { AppointmentMode, Schedule, Slot, SlotDay, SlotState } from '@health-connect/contract';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { AvailabilityService } from '../availability/availability.service.ts';
import { bookableTime } from '../availability/bookable-time.ts';
import type { FreeTimes } from '../availability/free-times.ts';
import { slotsBetween, type ScheduledSlot } from '../availability/slots.ts';
import { withTaken } from '../availability/taken-slots.ts';
import type { ClaimRepository, TakenTime } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import { can } from '../policy/policy.ts';
import type { ListingRepository } from './listing.repository.ts';

interface Parts {
  readonly availability: AvailabilityService;
  readonly appointments: Pick<AppointmentRepository, 'byId'>;
  readonly claims: Pick<ClaimRepository, 'takenOf'>;
  readonly freeTimes: FreeTimes;
  readonly listings: ListingRepository;
  readonly clock: Clock;
}

/** Which days are looked at. */
export interface WantedDays {
  /** Calendar date in the viewer's zone. */
  readonly from: string;
  readonly days: number;
  readonly timeZone: string;
  /** The one way of meeting that the first free day has to have; without it any. */
  readonly mode?: AppointmentMode | undefined;
  /** The appointment for which another time is looked for. */
  readonly moves?: string | undefined;
}

/** Who looks at what. */
interface View {
  readonly viewerId: string | undefined;
  /** The appointment that they look for another time for. */
  readonly moved: Pick<AppointmentRecord, 'id' | 'startsAt' | 'endsAt'> | undefined;
  readonly bookableFrom: Date;
  readonly now: Date;
}

interface Day {
  readonly date: string;
  readonly start: Date;
  readonly end: Date;
}

/** No slot is longer than this: what was claimed after it touches none that starts before. */
const LONGEST_SLOT_MS = 4 * 60 * 60_000;

/** A doctor's slots on the calendar of the one who looks (R41). */
export class DoctorWeekService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): DoctorWeekService {
    return new DoctorWeekService(parts);
  }

  /** @throws ProductError `not_found` for a doctor who cannot be booked */
  async slots(
    viewer: Actor | undefined,
    doctorId: string,
    wanted: WantedDays,
  ): Promise<{ days: SlotDay[]; firstFreeDate: string | null }> {
    const { availability, claims, clock } = this.#parts;
    const { schedule } = await availability.bookable(doctorId);
    const now = new Date(clock.now());
    const days = daysOf(wanted);
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) return { days: [], firstFreeDate: null };
    const bookable = bookableTime(schedule, now.getTime());
    const until = new Date(last.end.getTime() + LONGEST_SLOT_MS);
    const taken = await claims.takenOf(doctorId, first.start, until, now);
    const moved = await this.#movedBy(viewer, doctorId, wanted.moves);
    const view: View = { viewerId: viewer?.accountId, moved, bookableFrom: bookable.from, now };
    const stateOf = (slot: ScheduledSlot, within: readonly TakenTime[]): SlotState => stateFor(slot, within, view);
    const answered = days.map(({ date, start, end }): SlotDay => {
      const slots = slotsBetween(schedule, start, end < bookable.to ? end : bookable.to);
      const views = Array.from(withTaken(slots, taken), ({ slot, taken: within }) =>
        viewOf(slot, stateOf(slot, within)),
      );
      return { date, slots: views, closed: views.length > 0 ? null : whyClosed(schedule, start, end, bookable.to) };
    });
    return {
      days: answered,
      firstFreeDate: await this.#firstFree(doctorId, schedule, answered, last, wanted),
    };
  }

  /** To everybody who may not move it, its time is taken like any other. */
  async #movedBy(viewer: Actor | undefined, doctorId: string, id: string | undefined) {
    if (viewer === undefined || id === undefined) return undefined;
    const record = await this.#parts.appointments.byId(id);
    return record?.doctorId === doctorId && can(viewer, 'appointment.change', record) ? record : undefined;
  }

  async #firstFree(
    doctorId: string,
    schedule: Schedule,
    days: readonly SlotDay[],
    last: Day,
    { timeZone, mode }: WantedDays,
  ): Promise<string | null> {
    const isWanted = ({ modes }: { readonly modes: readonly AppointmentMode[] }): boolean =>
      mode === undefined || modes.includes(mode);
    const shown = days.find(({ slots }) => slots.some((slot) => slot.state === 'free' && isWanted(slot)));
    if (shown !== undefined) return shown.date;
    const bookable = bookableTime(schedule, this.#parts.clock.now());
    const from = await this.#lookFrom(doctorId, last.end > bookable.from ? last.end : bookable.from, mode);
    for await (const slot of this.#parts.freeTimes.between(doctorId, schedule, from, bookable.to)) {
      if (!isWanted(slot)) continue;
      const instant = Temporal.Instant.fromEpochMilliseconds(slot.startsAt.getTime());
      return instant.toZonedDateTimeISO(timeZone).toPlainDate().toString();
    }
    return null;
  }

  /**
   * Where the search for a free time has to begin. The directory knows the first one of all, and that there was none in
   * the time that could be booked: nobody who looks at a booked-out doctor has months of appointments gone through.
   */
  async #lookFrom(doctorId: string, from: Date, mode: AppointmentMode | undefined): Promise<Date> {
    const listing = await this.#parts.listings.byId(doctorId);
    if (listing === undefined) return from;
    const { freeAt, freeUntil } = listing;
    const free = freeAt[mode ?? 'any'];
    const knownFrom = free < freeUntil ? free : freeUntil;
    return knownFrom > from ? knownFrom : from;
  }
}

/** The days of a calendar, as instants: where clocks are changed they have more or fewer hours, or none at all. */
function daysOf({ from, days, timeZone }: WantedDays): Day[] {
  const startOf = (date: Temporal.PlainDate): Date => new Date(date.toZonedDateTime(timeZone).epochMilliseconds);
  const first = Temporal.PlainDate.from(from);
  return Array.from({ length: days }, (_item, index) => {
    const date = first.add({ days: index });
    return { date: date.toString(), start: startOf(date), end: startOf(date.add({ days: 1 })) };
  });
}

/** @param within the taken time that lies in the slot */
function stateFor(slot: ScheduledSlot, within: readonly TakenTime[], view: View): SlotState {
  const { viewerId, moved, bookableFrom, now } = view;
  if (slot.startsAt <= now) return 'past';
  const isOwnHold = ({ heldById }: TakenTime): boolean => heldById !== null && heldById === viewerId;
  // What it has already is no other time.
  const isItsTime =
    moved?.startsAt.getTime() === slot.startsAt.getTime() && moved.endsAt.getTime() === slot.endsAt.getTime();
  const taken = isItsTime ? within : within.filter(({ ownerId }) => ownerId !== moved?.id);
  if (!taken.every(isOwnHold)) return 'taken';
  if (taken.length > 0) return 'held';
  return slot.startsAt < bookableFrom ? 'soon' : 'free';
}

function viewOf(slot: ScheduledSlot, state: SlotState): Slot {
  const { startsAt, endsAt, modes } = slot;
  return { ...slot, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), modes: [...modes], state };
}

/** Why a day has no slots, as far as the doctor tells. */
function whyClosed(schedule: Schedule, start: Date, end: Date, bookableTo: Date): SlotDay['closed'] {
  if (start >= bookableTo) return 'too-far';
  const { timeZone, exceptions } = schedule;
  const dateAt = (instant: Date): string =>
    Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const [first, last] = [dateAt(start), dateAt(new Date(end.getTime() - 1))];
  const away = exceptions.find(
    (exception) => exception.kind !== 'extra' && exception.from <= last && exception.to >= first,
  );
  if (away === undefined || away.kind === 'extra') return 'no-hours';
  return away.kind;
}
