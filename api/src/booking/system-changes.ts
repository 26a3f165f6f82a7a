import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Clock } from '../clock.ts';
import { eachApart } from '../jobs/each-apart.ts';
import type { Logger } from '../logging/logger.ts';
import type { LifeCycleService } from './life-cycle.service.ts';

/** How long after its end a visit that nobody has ended is ended by the product. */
const LEFT_AFTER_MS = 30 * 60_000;
/** So many at a time; the rest is next round's. */
const BATCH = 100;
/** So many batches of which nothing can be ended are passed over within one round. */
const STUCK_BATCHES = 10;

interface Parts {
  readonly appointments: AppointmentRepository;
  readonly lifeCycle: LifeCycleService;
  /** Who is in the call of an appointment right now. */
  readonly isInUse: (appointmentId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the product changes by itself as time goes by. Safe to run in several processes at once. */
export class SystemChanges {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): SystemChanges {
    return new SystemChanges(parts);
  }

  /** Requests and proposals that nobody answered before their time came. */
  async expireUnanswered(): Promise<void> {
    const { appointments, lifeCycle, clock } = this.#parts;
    const now = new Date(clock.now());
    await this.#endSome(
      (except) => appointments.unanswered(now, BATCH, except),
      (record) => lifeCycle.expire(record),
    );
  }

  /** Visits that are long over and that nobody has ended: missed, unless both came. What was drafted stays to be signed. */
  async endLeft(): Promise<void> {
    const { appointments, lifeCycle, isInUse, clock } = this.#parts;
    const overSince = new Date(clock.now() - LEFT_AFTER_MS);
    await this.#endSome(
      (except) => appointments.unended(overSince, BATCH, except),
      // Somebody is still there, or waits for the other.
      async (record) => !(await isInUse(record.id)) && lifeCycle.endBySystem(record),
    );
  }

  /**
   * Ends a batch of what is due. What cannot be ended now, or fails, keeps nobody waiting, however much of it comes first.
   * @param find some of it, but for those of these ids
   * @param end whether it was ended
   */
  async #endSome(
    find: (except: readonly string[]) => Promise<AppointmentRecord[]>,
    end: (record: AppointmentRecord) => Promise<boolean>,
  ): Promise<void> {
    const passedOver: string[] = [];
    let ended = 0;
    for (let batch = 0; ended === 0 && batch < STUCK_BATCHES; batch += 1) {
      const due = await find(passedOver);
      await eachApart(due, this.#parts.logger, async (record) => {
        if (await end(record)) ended += 1;
      });
      if (due.length < BATCH) return;
      passedOver.push(...due.map(({ id }) => id));
    }
  }
}
