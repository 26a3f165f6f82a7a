import {
  canChange,
  ProductError,
  type EndpointInput,
  type VisitNote,
  type visitNoteEndpoints,
} from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentNews, AppointmentNewsDesk } from '../appointments/appointment-news.ts';
import { publishAppointmentChange } from '../appointments/appointment.publish.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { changeFacts, notAllowed } from '../appointments/change-facts.ts';
import type { VisitFactsRepository } from '../appointments/visit-facts.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { LifeCycleService } from '../booking/life-cycle.service.ts';
import { correctMiss } from '../booking/mistaken-miss.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Notifier } from '../notifications/notifier.ts';
import { requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import { MAX_AMENDMENTS, type NoteRecord, type VisitNoteRepository } from './visit-note.repository.ts';
import { isBlank, toVisitNote } from './visit-note.view.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: Pick<AppointmentRepository, 'byId' | 'eventsOf'>;
  readonly news: Pick<AppointmentNewsDesk, 'write'>;
  readonly visitFacts: VisitFactsRepository;
  readonly notes: VisitNoteRepository;
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly lifeCycle: Pick<LifeCycleService, 'completeIn' | 'announce'>;
  readonly notifier: Notifier;
  readonly audit: Audit;
  readonly events: EventPublisher;
  readonly clock: Clock;
}

type Endpoints = typeof visitNoteEndpoints;
type Signing = EndpointInput<Endpoints['sign']>['body'];
type Amendment = EndpointInput<Endpoints['amend']>['body'];

/** A note with the visit that it is about. */
interface Noted {
  readonly visit: AppointmentRecord;
  readonly note: NoteRecord;
}

/** What a change came to, and what is to be told of it. */
interface Changed extends Noted {
  readonly isNew: boolean;
  readonly news?: AppointmentNews;
}

/** Signing of notes and what may happen to them afterwards. What was signed is never changed (R26). */
export class NoteSigningService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): NoteSigningService {
    return new NoteSigningService(parts);
  }

  /**
   * Signs the note as saved in a version, which completes its visit, also where the product counted it as missed: the note, the visit, what both are told and the
   * audit entry are one transaction. The same once more is answered as it was the first time.
   * @throws ProductError `not_found`, `forbidden`, `note_signed`, `note_conflict`, `change_not_allowed`;
   *   `validation_failed` when nothing is written in it
   */
  async sign(actor: Actor, appointmentId: string, signing: Signing): Promise<VisitNote> {
    return this.#changed(actor, appointmentId, (noted, transaction) =>
      this.#signIn(transaction, actor, noted, signing),
    );
  }

  /**
   * Appends to a signed note, once for a key.
   * @throws ProductError `not_found`, `forbidden`, `note_unsigned`, `idempotency_mismatch`, `limit_exceeded`
   */
  async amend(actor: Actor, appointmentId: string, amendment: Amendment): Promise<VisitNote> {
    return this.#changed(actor, appointmentId, (noted, transaction) =>
      this.#amendIn(transaction, actor, requireSigned(noted), amendment),
    );
  }

  /** Lets the patient read a signed note, or no longer. @throws ProductError `not_found`, `forbidden`, `note_unsigned` */
  async share(actor: Actor, appointmentId: string, shared: boolean): Promise<VisitNote> {
    return this.#changed(actor, appointmentId, (noted, transaction) =>
      this.#shareIn(transaction, actor, requireSigned(noted), shared),
    );
  }

  async #signIn(
    transaction: Transaction,
    actor: Actor,
    { visit, note }: Found,
    { version, shared }: Signing,
  ): Promise<Changed> {
    const { visitFacts, notes, lifeCycle, clock } = this.#parts;
    if (note !== undefined && note.signedAt !== null) {
      if (note.version !== version || note.shared !== shared) throw new ProductError('note_signed');
      return { visit, note, isNew: false };
    }
    this.#requireSignable(visit);
    if ((note?.version ?? 0) !== version) throw new ProductError('note_conflict');
    if (note === undefined || isBlank(note.content)) throw nothingWritten();
    const signature = { shared, signedAt: new Date(clock.now()), signedBy: await this.#nameOf(actor) };
    const signed = await notes.sign(visit.id, version, signature, transaction);
    if (signed === undefined) throw new ProductError('note_conflict');
    const after = await visitFacts.save(visit, { noteState: 'signed', noteShared: shared }, transaction);
    if (after === undefined) throw new ProductError('not_found');
    await this.#record(transaction, actor, visit, 'note_signed');
    if (shared) await this.#parts.notifier.notify('patient', { kind: 'note-shared', byYou: false }, visit, transaction);
    const news =
      visit.status === 'scheduled'
        ? await lifeCycle.completeIn(transaction, actor, after)
        : await correctMiss(this.#parts, actor, after, transaction);
    if (news === undefined) return { visit: after, note: signed, isNew: true };
    return { visit: news.appointment, note: signed, isNew: true, news };
  }

  async #amendIn(
    transaction: Transaction,
    actor: Actor,
    { visit, note }: Noted,
    { text, idempotencyKey: key }: Amendment,
  ): Promise<Changed> {
    const { notes, notifier, clock } = this.#parts;
    const sent = note.amendments.find((amendment) => amendment.key === key);
    if (sent !== undefined) {
      if (sent.text !== text) throw new ProductError('idempotency_mismatch');
      return { visit, note, isNew: false };
    }
    if (note.amendments.length >= MAX_AMENDMENTS) throw new ProductError('limit_exceeded');
    const author = { authorId: actor.accountId, authorName: await this.#nameOf(actor) };
    const amended = await notes.amend(visit.id, { key, text, at: new Date(clock.now()), ...author }, transaction);
    if (amended === undefined) throw new ProductError('note_unsigned');
    await this.#record(transaction, actor, visit, 'note_amended');
    if (note.shared) await notifier.notify('patient', { kind: 'note-amended', byYou: false }, visit, transaction);
    return { visit, note: amended, isNew: true };
  }

  async #shareIn(transaction: Transaction, actor: Actor, { visit, note }: Noted, shared: boolean): Promise<Changed> {
    const { visitFacts, notes, notifier } = this.#parts;
    if (note.shared === shared) return { visit, note, isNew: false };
    const after = await notes.share(visit.id, shared, transaction);
    if (after === undefined) throw new ProductError('note_unsigned');
    await visitFacts.save(visit, { noteShared: shared }, transaction);
    await this.#record(transaction, actor, visit, shared ? 'note_shared' : 'note_withheld');
    if (shared) await notifier.notify('patient', { kind: 'note-shared', byYou: false }, visit, transaction);
    return { visit, note: after, isNew: true };
  }

  /** Runs the transaction of a change, and tells open pages about it. */
  async #changed(
    actor: Actor,
    appointmentId: string,
    change: (noted: Found, transaction: Transaction) => Promise<Changed>,
  ): Promise<VisitNote> {
    const { database, appointments, notes, lifeCycle, events } = this.#parts;
    const { visit, note, isNew, news } = await database.transaction(async (transaction) => {
      const found = await appointments.byId(appointmentId, transaction);
      if (found === undefined) throw new ProductError('not_found');
      requireCan(actor, 'note.write', found);
      return change({ visit: found, note: await notes.ofVisit(appointmentId, transaction) }, transaction);
    });
    if (news !== undefined) await lifeCycle.announce(news);
    else if (isNew) publishAppointmentChange(events, visit);
    const people = await this.#parts.accounts.byIds([visit.doctorId, visit.patientId]);
    return toVisitNote(visit, note, (id) => people.get(id)?.name ?? '');
  }

  /** A visit is completed by signing, if it can be; one that has ended already can be written up whenever. */
  #requireSignable(visit: AppointmentRecord): void {
    if (visit.status === 'completed') return;
    const facts = changeFacts(visit, this.#parts.clock.now());
    if (!canChange(facts, 'complete', 'doctor')) throw notAllowed(facts, 'doctor');
  }

  async #nameOf({ accountId }: Actor): Promise<string> {
    return (await this.#parts.accounts.byIds([accountId])).get(accountId)?.name ?? '';
  }

  #record(transaction: Transaction, actor: Actor, { id, patientId }: AppointmentRecord, detail: string): Promise<void> {
    const facts = { action: 'change', resource: 'note', resourceId: id, patientId, detail } as const;
    return this.#parts.audit.recordIn(transaction, actor, facts);
  }
}

/** A visit, and its note if there is one. */
interface Found {
  readonly visit: AppointmentRecord;
  readonly note: NoteRecord | undefined;
}

const nothingWritten = (): ProductError =>
  new ProductError('validation_failed', {
    message: 'There is nothing in this note yet. Write something, then sign it.',
    details: [{ path: 'body.version', message: 'The note is blank' }],
  });

function requireSigned({ visit, note }: Found): Noted {
  if (note === undefined || note.signedAt === null) throw new ProductError('note_unsigned');
  return { visit, note };
}
