import type { Schedule } from '@health-connect/contract';
import type { ClaimRepository } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import { slotsBetween, type ScheduledSlot } from './slots.ts';
import { freeOf } from './taken-slots.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How much is looked at at once: most doctors are free within days, some not for months. */
const STEPS_DAYS = [3, 11, 35, 120] as const;

interface Parts {
  readonly claims: Pick<ClaimRepository, 'takenOf'>;
  readonly clock: Clock;
}

/** Free slots of doctors. */
export class FreeTimes {
  readonly #claims: Pick<ClaimRepository, 'takenOf'>;
  readonly #clock: Clock;

  private constructor(claims: Pick<ClaimRepository, 'takenOf'>, clock: Clock) {
    this.#claims = claims;
    this.#clock = clock;
  }

  static create({ claims, clock }: Parts): FreeTimes {
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
        yield* freeOf(slots, taken);
      }
      [start, step] = [end, step + 1];
    }
  }
}
