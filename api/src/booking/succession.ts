import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { MAX_COLLEAGUES } from '../appointments/party.ts';
import type { VisitFactsRepository } from '../appointments/visit-facts.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Transaction } from '../database/database.ts';
import type { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';

interface Parts {
  readonly appointments: Pick<AppointmentRepository, 'byId'>;
  readonly notes: Pick<VisitNoteRepository, 'moveDraft'>;
  readonly visitFacts: VisitFactsRepository;
  readonly audit: Audit;
}

/** Longest message of an appointment. */
const MAX_WORDS = 1000;

/** What an appointment takes over from the one in whose place it is. */
export class Succession {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): Succession {
    return new Succession(parts);
  }

  /**
   * Whom the doctor has added, and what was said: of the doctor about the first time, of who proposed the other one,
   * and now.
   */
  async facts(
    proposalId: string,
    replaced: AppointmentRecord,
    comment: string,
    transaction: Transaction,
  ): Promise<{ comment: string; colleagueIds: string[] }> {
    const proposal = await this.#parts.appointments.byId(proposalId, transaction);
    const colleagueIds = [...new Set([...replaced.colleagueIds, ...(proposal?.colleagueIds ?? [])])];
    const words = together([replaced.comment, proposal?.comment ?? '', comment]);
    return { comment: words, colleagueIds: colleagueIds.slice(0, MAX_COLLEAGUES) };
  }

  /** The draft of a note goes along: it is about the visit that is to come. @returns the successor as it is then */
  async moveNote(
    replaced: AppointmentRecord,
    successor: AppointmentRecord,
    actor: Actor | undefined,
    transaction: Transaction,
  ): Promise<AppointmentRecord> {
    const { notes, visitFacts, audit } = this.#parts;
    if (replaced.noteState !== 'draft') return successor;
    await notes.moveDraft(replaced.id, successor.id, transaction);
    await visitFacts.save(replaced, { noteState: 'none' }, transaction);
    const facts = { noteState: 'draft', noteShared: replaced.noteShared } as const;
    const { id, patientId } = successor;
    const entry = { action: 'change', resource: 'note', resourceId: id, patientId, detail: 'note_moved' } as const;
    await audit.recordIn(transaction, actor, entry);
    return (await visitFacts.save(successor, facts, transaction)) ?? successor;
  }
}

/** Each once, a paragraph each; the latest ones where there is no room for all. */
export function together(said: readonly string[]): string {
  const paragraphs = [...new Set(said)].filter((words) => words !== '');
  while (paragraphs.join('\n\n').length > MAX_WORDS) paragraphs.shift();
  return paragraphs.join('\n\n');
}
