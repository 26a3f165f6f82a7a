import type { Clock } from '../clock.ts';
import type { AuditActor } from './audit.facts.ts';

/** One entry in this time for what one sign-in sees of one patient. */
export const VIEW_SPACING_MS = 15 * 60_000;
/** So many are remembered; forgetting one earlier only makes one more entry. */
const MAX_REMEMBERED = 20_000;

/**
 * Keeps what a page reads again and again by itself (each connection reads what is under the bell) from flooding the
 * trail: a view of the same patient by the same sign-in is an entry at most every 15 minutes. Each api process
 * remembers for itself.
 */
export class ViewSpacing {
  readonly #clock: Clock;
  /** When the last entry was written, oldest first. */
  readonly #writtenAt = new Map<string, number>();

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static create(clock: Clock): ViewSpacing {
    return new ViewSpacing(clock);
  }

  /** The patients whose view by this actor is not in the trail of the last minutes. */
  due(actor: AuditActor, patientIds: readonly string[]): string[] {
    const since = this.#clock.now() - VIEW_SPACING_MS;
    return patientIds.filter((patientId) => (this.#writtenAt.get(keyOf(actor, patientId)) ?? 0) <= since);
  }

  /** Their entries are written: not before, so that what could not be written is tried again. */
  written(actor: AuditActor, patientIds: readonly string[]): void {
    const now = this.#clock.now();
    for (const patientId of patientIds) {
      const key = keyOf(actor, patientId);
      this.#writtenAt.delete(key);
      this.#writtenAt.set(key, now);
    }
    for (const key of this.#writtenAt.keys()) {
      if (this.#writtenAt.size <= MAX_REMEMBERED) break;
      this.#writtenAt.delete(key);
    }
  }
}

const keyOf = ({ accountId, sessionId }: AuditActor, patientId: string): string =>
  [accountId, sessionId, patientId].join('|');
