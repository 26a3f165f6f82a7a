import { ProductError, type NextVisit, type TimeSpan } from '@health-connect/contract';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import { ViewSpacing } from '../audit/view-spacing.ts';
import type { Clock } from '../clock.ts';
import { requireCan } from '../policy/policy.ts';
import type { ClaimRepository, TakenTime } from './claim.repository.ts';
import { requireFollowable, requireMovable } from './next-visit.ts';

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'byId' | 'openProposalFor'>;
  readonly claims: Pick<ClaimRepository, 'takenOf'>;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Which days are looked at, and what a time is looked for. */
export interface BusyQuestion {
  readonly for: NextVisit;
  /** Calendar date in the viewer's zone. */
  readonly from: string;
  readonly days: number;
  readonly timeZone: string;
}

/** When a patient has other appointments, for the doctor who is about to choose a time for the two. */
export class PatientBusyService {
  readonly #parts: Parts;
  readonly #spacing: ViewSpacing;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#spacing = ViewSpacing.create(parts.clock);
  }

  static create(parts: Parts): PatientBusyService {
    return new PatientBusyService(parts);
  }

  /**
   * Told under the conditions under which such a time could be kept, and of what is to come only. What the patient keeps
   * without having booked it is not told.
   * @throws ProductError `not_found`, `forbidden`, `change_not_allowed`
   */
  async of(actor: Actor, appointmentId: string, question: BusyQuestion): Promise<TimeSpan[]> {
    const { appointments, claims, clock } = this.#parts;
    const record = await appointments.byId(appointmentId);
    if (record === undefined) throw new ProductError('not_found');
    requireCan(actor, 'appointment.patient-busy', record);
    if (question.for === 'move') await requireMovable(this.#parts, record, 'doctor');
    else requireFollowable(this.#parts, record);
    await this.#audit(actor, record);
    const now = new Date(clock.now());
    const { start, end } = spanOf(question);
    if (end <= now) return [];
    const taken = await claims.takenOf(record.patientId, start > now ? start : now, end, now);
    // Its own time is no other appointment: the one that it moves to may overlap it.
    return withoutSeams(taken.filter(({ owner, ownerId }) => owner === 'appointment' && ownerId !== appointmentId));
  }

  /** An open board reads it again with each change of the doctor's time. */
  async #audit(actor: Actor, { id, patientId }: Pick<AppointmentRecord, 'id' | 'patientId'>): Promise<void> {
    if (this.#spacing.due(actor, [patientId]).length === 0) return;
    await this.#parts.audit.record(actor, {
      action: 'view',
      resource: 'appointments',
      resourceId: id,
      patientId,
      detail: 'busy_times',
    });
    this.#spacing.written(actor, [patientId]);
  }
}

function spanOf({ from, days, timeZone }: BusyQuestion): { readonly start: Date; readonly end: Date } {
  const first = Temporal.PlainDate.from(from);
  const startOf = (date: Temporal.PlainDate): Date => new Date(date.toZonedDateTime(timeZone).epochMilliseconds);
  return { start: startOf(first), end: startOf(first.add({ days })) };
}

/** Appointments that follow one another are one stretch: nobody learns how many there are. */
function withoutSeams(taken: readonly TakenTime[]): TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (const { from, to } of taken) {
    const [startsAt, endsAt] = [from.toISOString(), to.toISOString()];
    const before = spans.at(-1);
    if (before?.endsAt === startsAt) spans[spans.length - 1] = { ...before, endsAt };
    else spans.push({ startsAt, endsAt });
  }
  return spans;
}
