import {
  ProductError,
  type EndpointInput,
  type EndpointResponse,
  type VisitNote,
  type visitNoteEndpoints,
} from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { changeFacts, notAllowed } from '../appointments/change-facts.ts';
import type { VisitFactsRepository } from '../appointments/visit-facts.repository.ts';
import type { AuditFacts } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { can, requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { NoteRecord, VisitNoteRepository } from './visit-note.repository.ts';
import { isSameContent, toVisitNote } from './visit-note.view.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: Pick<AppointmentRepository, 'byId' | 'treats'>;
  readonly visitFacts: VisitFactsRepository;
  readonly notes: VisitNoteRepository;
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly audit: Audit;
  readonly events: Pick<EventPublisher, 'toAccounts'>;
  readonly clock: Clock;
}

type Endpoints = typeof visitNoteEndpoints;
type SavedDraft = EndpointInput<Endpoints['save']>['body'];
type UnsignedVisit = EndpointResponse<Endpoints['unsigned']>['visits'][number];

/** Drafts saved within this time are one entry of the trail: it tells of sittings, not of pauses in typing. */
const SITTING_MS = 15 * 60_000;
/** Longest list of visits with an unsigned note. */
const UNSIGNED_LIMIT = 100;

/** Notes of visits while they are written, and as they are read. */
export class VisitNoteService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): VisitNoteService {
    return new VisitNoteService(parts);
  }

  /**
   * The note of a visit: for its doctor from the first moment on, for others who treat the patient once it is signed,
   * for the patient once it is signed and shared. Whoever may not see a draft is not told that there is one.
   * @throws ProductError `not_found`, `forbidden`
   */
  async read(actor: Actor, appointmentId: string): Promise<VisitNote> {
    const { notes, audit } = this.#parts;
    const visit = await this.#existing(appointmentId);
    const note = await notes.ofVisit(appointmentId);
    if (!can(actor, 'note.write', visit)) await this.#requireReadable(actor, visit, note);
    await audit.record(actor, entryOf(visit, 'view'));
    return this.#view(visit, note);
  }

  /**
   * Saves a draft that was typed on a version. The same content once more is answered as it was the first time.
   * @throws ProductError `not_found`, `forbidden`, `change_not_allowed`, `note_signed`; `note_conflict` when another
   *   version was saved meanwhile: reading shows it
   */
  async save(actor: Actor, appointmentId: string, draft: SavedDraft): Promise<VisitNote> {
    const { database, events } = this.#parts;
    const { visit, note, isFirst } = await database.transaction((transaction) =>
      this.#saveIn(transaction, actor, appointmentId, draft),
    );
    // To the doctor's own pages alone: nobody else learns of drafts.
    if (isFirst) events.toAccounts([visit.doctorId], 'appointment.changed', { appointmentId });
    return this.#view(visit, note);
  }

  /** The doctor's visits whose note is still to be signed, the latest first. */
  async unsigned(actor: Actor): Promise<UnsignedVisit[]> {
    const { visitFacts, accounts, audit, clock } = this.#parts;
    const visits = await visitFacts.unsignedOf(actor.accountId, new Date(clock.now()), UNSIGNED_LIMIT);
    const patientIds = [...new Set(visits.map(({ patientId }) => patientId))];
    const views = patientIds.map((patientId): AuditFacts => ({ action: 'view', resource: 'appointments', patientId }));
    await audit.record(actor, ...(views.length > 0 ? views : [{ action: 'view', resource: 'appointments' } as const]));
    const people = await accounts.byIds(patientIds);
    return visits.map(({ id, patientId, startsAt, noteState }) => ({
      appointmentId: id,
      patientName: people.get(patientId)?.name ?? '',
      visitStartsAt: startsAt.toISOString(),
      hasDraft: noteState === 'draft',
    }));
  }

  async #saveIn(
    transaction: Transaction,
    actor: Actor,
    appointmentId: string,
    { content, shared, version }: SavedDraft,
  ): Promise<{ visit: AppointmentRecord; note: NoteRecord; isFirst: boolean }> {
    const { visitFacts, notes, audit, clock } = this.#parts;
    const visit = await this.#existing(appointmentId, transaction);
    requireCan(actor, 'note.write', visit);
    const before = await notes.ofVisit(appointmentId, transaction);
    if (before !== undefined && before.signedAt !== null) throw new ProductError('note_signed');
    requireNotable(visit, clock.now());
    if (before !== undefined && before.version >= version && isSame(before, content, shared)) {
      return { visit, note: before, isFirst: false };
    }
    if ((before?.version ?? 0) !== version) throw new ProductError('note_conflict');
    const savedAt = new Date(clock.now());
    const isSitting = before !== undefined && savedAt.getTime() - before.auditedAt.getTime() < SITTING_MS;
    const draft = { content, shared, savedAt, auditedAt: isSitting ? before.auditedAt : savedAt };
    // The visit first: of two first drafts at once, one starts over here and finds the other.
    if (before === undefined) await visitFacts.save(visit, { noteState: 'draft' }, transaction);
    const note = await (before === undefined
      ? notes.begin(visit, draft, transaction)
      : notes.save(appointmentId, version, draft, transaction));
    if (note === undefined) throw new ProductError('note_conflict');
    if (!isSitting) {
      await audit.recordIn(
        transaction,
        actor,
        entryOf(visit, before === undefined ? 'create' : 'change', 'note_draft'),
      );
    }
    return { visit, note, isFirst: before === undefined };
  }

  async #requireReadable(actor: Actor, visit: AppointmentRecord, note: NoteRecord | undefined): Promise<void> {
    const { patientId } = visit;
    const { appointments, clock } = this.#parts;
    const now = new Date(clock.now());
    const treats = actor.role === 'doctor' && (await appointments.treats(actor.accountId, patientId, now));
    const record = { patientId, treatingDoctorIds: treats ? [actor.accountId] : [] };
    requireCan(actor, 'record.view', record);
    if (note === undefined || note.signedAt === null) throw new ProductError('not_found');
    requireCan(actor, 'note.view', { ...record, shared: note.shared });
  }

  async #existing(appointmentId: string, transaction?: Transaction): Promise<AppointmentRecord> {
    const record = await this.#parts.appointments.byId(appointmentId, transaction);
    if (record === undefined) throw new ProductError('not_found');
    return record;
  }

  async #view(visit: AppointmentRecord, note: NoteRecord | undefined): Promise<VisitNote> {
    const people = await this.#parts.accounts.byIds([visit.doctorId, visit.patientId]);
    return toVisitNote(visit, note, (id) => people.get(id)?.name ?? '');
  }
}

/** Notes are written from the moment on at which both have agreed to meet. */
function requireNotable(visit: AppointmentRecord, nowMs: number): void {
  if (visit.status === 'scheduled' || visit.status === 'completed') return;
  throw notAllowed(changeFacts(visit, nowMs), 'doctor');
}

const isSame = (note: NoteRecord, content: SavedDraft['content'], shared: boolean): boolean =>
  note.shared === shared && isSameContent(note.content, content);

/** What the trail tells of a note: never a word of it. */
function entryOf({ id, patientId }: AppointmentRecord, action: AuditFacts['action'], detail?: string): AuditFacts {
  const facts = { action, resource: 'note', resourceId: id, patientId } as const;
  return detail === undefined ? facts : { ...facts, detail };
}
