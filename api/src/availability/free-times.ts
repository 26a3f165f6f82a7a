import type { Schedule } from '@health-connect/contract';
import type { ClaimRepository, TakenTime } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import { slotsBetween, type ScheduledSlot } from './slots.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How much is looked at at once: most doctors are free within days, some not for months. */
const STEPS_DAYS = [3, 11, 35, 120] as const;

/** Whether some of the taken time lies in a slot. */
export function isTaken(slot: Pick<ScheduledSlot, 'startsAt' | 'endsAt'>, taken: readonly TakenTime[]): boolean {
  return taken.some((time) => time.from < slot.endsAt && slot.startsAt < time.to);
}

/** Free slots of doctors. */
export class FreeTimes {
  readonly #claims: ClaimRepository;
  readonly #clock: Clock;

  private constructor(claims: ClaimRepository, clock: Clock) {
    this.#claims = claims;
    this.#clock = clock;
  }

  static create({ claims, clock }: { readonly claims: ClaimRepository; readonly clock: Clock }): FreeTimes {
    return new FreeTimes(claims, clock);
  }

  /** Slots of a schedule in [from, to) that nobody has, earliest first. Looks no further than somebody asks. */
  async *between(doctorId: string, schedule: Schedule, from: Date, to: Date): AsyncGenerator<ScheduledSlot> {
    const now = new Date(this.#clock.now());
    let [start, step] = [from, 0];
    while (start < to) {
      const days = STEPS_DAYS[Math.min(step, STEPS_DAYS.length - 1)] ?? 1;
      const end = new Date(Math.min(to.getTime(), start.getTime() + days * DAY_MS));
      const slots = slotsBetween(schedule, start, end);
      const last = slots.at(-1);
      if (last !== undefined) {
        const taken = await this.#claims.takenOf(doctorId, start, last.endsAt, now);
        for (const slot of slots) if (!isTaken(slot, taken)) yield slot;
      }
      [start, step] = [end, step + 1];
    }
  }
}
