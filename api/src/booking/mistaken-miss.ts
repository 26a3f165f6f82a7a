import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk } from '../appointments/appointment-news.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { VisitFactsRepository } from '../appointments/visit-facts.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'eventsOf'>;
  readonly visitFacts: Pick<VisitFactsRepository, 'countAsMet'>;
  readonly news: Pick<AppointmentNewsDesk, 'write'>;
  readonly audit: Audit;
  readonly clock: Clock;
}

/**
 * Its doctor has signed what happened at a visit that counts as missed: where only the product believed so, because
 * nobody had ended it and it had not seen both in its call, the two met (by phone, say). What the doctor has said stays.
 * @returns what both are told; `undefined` where nothing is to be corrected
 */
export async function correctMiss(
  { appointments, visitFacts, news, audit, clock }: Parts,
  actor: Actor,
  visit: AppointmentRecord,
  transaction: Transaction,
): Promise<AppointmentNews | undefined> {
  if (visit.outcome !== 'missed') return undefined;
  const last = (await appointments.eventsOf(visit.id, 1)).at(-1);
  if (last?.change !== 'miss' || last.by !== 'system') return undefined;
  const event = {
    change: 'complete',
    by: 'doctor',
    at: new Date(clock.now()),
    fromStartsAt: null,
    comment: '',
  } as const;
  const appointment = await visitFacts.countAsMet(visit, event, transaction);
  if (appointment === undefined) return undefined;
  const { id: resourceId, patientId } = visit;
  const entry = { action: 'change', resource: 'appointment', resourceId, patientId } as const;
  await audit.recordIn(transaction, actor, { ...entry, detail: 'appointment_complete' });
  const told: AppointmentNews = { change: 'complete', by: 'doctor', appointment };
  await news.write(told, transaction);
  return told;
}
