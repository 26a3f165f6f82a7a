import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Clock } from '../clock.ts';
import type { LifeCycleService } from './life-cycle.service.ts';

/** How long after its end an appointment at which somebody was missing counts as missed. */
const MISSED_AFTER_MS = 30 * 60_000;
/** So many at a time; the rest is next round's. */
const BATCH = 100;

interface Parts {
  readonly appointments: AppointmentRepository;
  readonly lifeCycle: LifeCycleService;
  /** Who is in the call of an appointment right now. */
  readonly isInUse: (appointmentId: string) => Promise<boolean>;
  readonly clock: Clock;
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
    for (const record of await appointments.unanswered(new Date(clock.now()), BATCH)) await lifeCycle.expire(record);
  }

  /** Visits that nobody, or only one, came to. Those at which both were are for the doctor to end. */
  async missUnattended(): Promise<void> {
    const { appointments, lifeCycle, isInUse, clock } = this.#parts;
    const overSince = new Date(clock.now() - MISSED_AFTER_MS);
    for (const record of await appointments.unattended(overSince, BATCH)) {
      // Somebody still waits for the other.
      if (!(await isInUse(record.id))) await lifeCycle.missBySystem(record);
    }
  }
}
