import { isActive } from '@health-connect/contract';
import type { AppointmentNews, AppointmentNewsDesk } from '../appointments/appointment-news.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { CalendarSequenceRepository } from '../calendar/calendar-sequence.repository.ts';
import type { Clock } from '../clock.ts';
import type { Transaction } from '../database/database.ts';
import type { ReminderRepository } from '../reminders/reminder.repository.ts';
import type { AppointmentMailer, MailedVersion } from './appointment-mailer.ts';
import { planOf, type NewsPlan } from './news-plan.ts';
import type { Notifier } from './notifier.ts';

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'byId' | 'openProposalFor'>;
  readonly sequences: CalendarSequenceRepository;
  readonly reminders: ReminderRepository;
  readonly notifier: Notifier;
  readonly mailer: AppointmentMailer;
  readonly wakeMail: () => void;
  readonly clock: Clock;
}

/** What has to be known beside the change itself. */
interface Chain {
  /** The appointment in whose place this one is, or would be. */
  readonly former: AppointmentRecord | undefined;
  /** Whether this one was proposed in its place and is not agreed to. */
  readonly isProposal: boolean;
  /** Whether it ended only because the appointment that it would replace did: then that is all that is told. */
  readonly isAlongside: boolean;
}

/** Tells both sides of an appointment about its changes, by the one table of `news-plan.ts`. */
export class NewsDesk implements AppointmentNewsDesk {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): NewsDesk {
    return new NewsDesk(parts);
  }

  /** Open pages show the notifications as soon as the transaction has been committed. */
  async write(news: AppointmentNews, transaction: Transaction): Promise<void> {
    const { notifier, mailer } = this.#parts;
    const { appointment } = news;
    const chain = await this.#chainOf(news, transaction);
    if (chain.isAlongside) return;
    const plan = planOf(news, chain.isProposal);
    const calendar = await this.#versionFor(news, plan, chain, transaction);
    await this.#remind(news, plan, transaction);
    for (const { side, byYou, mail: words } of plan.sides) {
      await notifier.notify(side, { kind: plan.occasion, byYou }, appointment, transaction);
      await mailer.write({ side, words, appointment, other: chain.former, calendar }, transaction);
    }
  }

  announce(_news: AppointmentNews): void {
    this.#parts.wakeMail();
  }

  async #chainOf({ appointment, replaced }: AppointmentNews, transaction: Transaction): Promise<Chain> {
    if (replaced !== undefined) return { former: replaced, isProposal: false, isAlongside: false };
    if (appointment.replacesId === null) return { former: undefined, isProposal: false, isAlongside: false };
    const former = await this.#parts.appointments.byId(appointment.replacesId, transaction);
    const isProposal = former !== undefined && former.movedToId !== appointment.id;
    return { former, isProposal, isAlongside: isProposal && !isActive(former.status) };
  }

  /**
   * The next version of the entry, one for both sides. Its numbers are those of the appointment that stands: whoever
   * takes its place counts on from there, so they rise over the whole chain of a UID.
   */
  async #versionFor(
    { appointment, replaced }: AppointmentNews,
    { method, entryOf }: NewsPlan,
    { former }: Chain,
    transaction: Transaction,
  ): Promise<MailedVersion> {
    const { appointments, sequences } = this.#parts;
    const standing = entryOf === 'standing' && former !== undefined ? former : appointment;
    const sequence = await sequences.take(standing, replaced?.calendarSequence ?? 0, transaction);
    const proposal = method === 'CANCEL' ? undefined : await appointments.openProposalFor(standing, transaction);
    return { method, sequence, appointment: standing, proposal };
  }

  async #remind({ appointment, replaced }: AppointmentNews, plan: NewsPlan, transaction: Transaction): Promise<void> {
    const { reminders, clock } = this.#parts;
    if (replaced !== undefined) await reminders.remove(replaced.id, transaction);
    if (plan.reminders === 'remove') await reminders.remove(appointment.id, transaction);
    if (plan.reminders !== 'plan' || appointment.status !== 'scheduled') return;
    await reminders.plan(appointment, new Date(clock.now()), transaction);
  }
}
