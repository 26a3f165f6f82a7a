import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Clock } from '../clock.ts';
import { eachApart } from '../jobs/each-apart.ts';
import type { Logger } from '../logging/logger.ts';
import type { LifeCycleService } from './life-cycle.service.ts';

/** How long after its end a visit that nobody has ended is ended by the product. */
const LEFT_AFTER_MS = 30 * 60_000;
/** So many at a time; the rest is next round's. */
const BATCH = 100;

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
    const { appointments, lifeCycle, clock, logger } = this.#parts;
    const unanswered = await appointments.unanswered(new Date(clock.now()), BATCH);
    await eachApart(unanswered, logger, (record) => lifeCycle.expire(record));
  }

  /** Visits that are long over and that nobody has ended: missed, unless both came. What was drafted stays to be signed. */
  async endLeft(): Promise<void> {
    const { appointments, lifeCycle, isInUse, clock, logger } = this.#parts;
    const overSince = new Date(clock.now() - LEFT_AFTER_MS);
    await eachApart(await appointments.unended(overSince, BATCH), logger, async (record) => {
      // Somebody is still there, or waits for the other.
      if (!(await isInUse(record.id))) await lifeCycle.endBySystem(record);
    });
  }
}
