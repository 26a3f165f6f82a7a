import { ProductError, type NextVisit, type TimeSpan } from '@health-connect/contract';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import { ViewSpacing } from '../audit/view-spacing.ts';
import { bookableTime } from '../availability/bookable-time.ts';
import { scheduleOf } from '../availability/schedule-of.ts';
import type { Clock } from '../clock.ts';
import { RateLimit, type Bucket } from '../database/rate-limit.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import { requireCan } from '../policy/policy.ts';
import type { ClaimRepository, TakenTime } from './claim.repository.ts';
import { requireFollowable, requireMovable } from './next-visit.ts';

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'byId' | 'openProposalFor'>;
  readonly claims: Pick<ClaimRepository, 'takenOf'>;
  readonly doctors: Pick<DoctorRepository, 'byId'>;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** A board asks when it is opened, for each week that is shown, and again with each change of the doctor's time. */
export const PATIENT_BUSY_LIMIT = {
  name: 'patient-busy:account',
  burst: 120,
  windowSeconds: 60,
  refillSeconds: 1,
} as const satisfies Bucket;

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
  /** Each api process counts for itself, as for weeks of slots. */
  readonly #limit = RateLimit.inMemory(PATIENT_BUSY_LIMIT);

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#spacing = ViewSpacing.create(parts.clock);
  }

  static create(parts: Parts): PatientBusyService {
    return new PatientBusyService(parts);
  }

  /**
   * Told under the conditions under which such a time could be kept, and of what is to come only, as far ahead as the
   * doctor can be booked: nobody's calendar of years. What the patient keeps without having booked it is not told.
   * @throws ProductError `not_found`, `forbidden`, `change_not_allowed`, `rate_limited`
   */
  async of(actor: Actor, appointmentId: string, question: BusyQuestion): Promise<TimeSpan[]> {
    const { appointments, claims, doctors, clock } = this.#parts;
    await this.#pass(actor);
    const record = await appointments.byId(appointmentId);
    if (record === undefined) throw new ProductError('not_found');
    requireCan(actor, 'appointment.patient-busy', record);
    if (question.for === 'move') await requireMovable(this.#parts, record, 'doctor');
    else requireFollowable(this.#parts, record);
    await this.#audit(actor, record);
    const now = new Date(clock.now());
    const doctor = await doctors.byId(record.doctorId);
    if (doctor === undefined) return [];
    const { to: horizon } = bookableTime(scheduleOf(doctor), now.getTime());
    const asked = spanOf(question);
    const [start, end] = [asked.start > now ? asked.start : now, asked.end < horizon ? asked.end : horizon];
    if (end <= start) return [];
    const taken = await claims.takenOf(record.patientId, start, end, now);
    // Its own time is no other appointment: the one that it moves to may overlap it.
    return withoutSeams(taken.filter(({ owner, ownerId }) => owner === 'appointment' && ownerId !== appointmentId));
  }

  async #pass({ accountId }: Actor): Promise<void> {
    const allowance = await this.#limit.take(accountId);
    if (allowance.allowed) return;
    throw new ProductError('rate_limited', { retryAfterSeconds: allowance.retryAfterSeconds });
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
