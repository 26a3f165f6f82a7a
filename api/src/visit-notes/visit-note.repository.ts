import type { Connection, Model, QueryFilter } from 'mongoose';
import type { NoteContent } from '@health-connect/contract';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { visitNoteModel, type StoredAmendment, type StoredVisitNote } from './visit-note.model.ts';

/** What was added after signing. */
export interface AmendmentRecord extends Readonly<Omit<StoredAmendment, 'authorId'>> {
  readonly authorId: string;
}

/** The note of a visit. */
export interface NoteRecord extends Readonly<
  Omit<StoredVisitNote, '_id' | 'appointmentId' | 'doctorId' | 'patientId' | 'amendments' | 'createdAt'>
> {
  readonly amendments: readonly AmendmentRecord[];
}

/** The visit that a note is about. */
export interface NotedVisit {
  readonly id: string;
  readonly doctorId: string;
  readonly patientId: string;
}

/** What is saved of a draft. */
export interface Draft {
  readonly content: NoteContent;
  readonly shared: boolean;
  readonly savedAt: Date;
  readonly auditedAt: Date;
}

export interface Signature {
  readonly shared: boolean;
  readonly signedAt: Date;
  readonly signedBy: string;
}

/** More are not added to one note. */
export const MAX_AMENDMENTS = 200;

function toRecord(stored: StoredVisitNote): NoteRecord {
  const { _id, appointmentId: _appointment, doctorId: _doctor, patientId: _patient, createdAt: _at, ...note } = stored;
  const amendments = note.amendments.map(({ authorId, ...rest }) => ({ ...rest, authorId: authorId.toHexString() }));
  return { ...note, amendments };
}

/**
 * Notes of visits. What is signed is never changed (R26): every method that writes content asks for a note that is not
 * signed, and the one that appends asks for one that is. There is no method that removes one.
 */
export class VisitNoteRepository {
  readonly #notes: Model<StoredVisitNote>;

  private constructor(connection: Connection) {
    this.#notes = visitNoteModel(connection);
  }

  static create(connection: Connection): VisitNoteRepository {
    return new VisitNoteRepository(connection);
  }

  async ofVisit(appointmentId: string, transaction?: Transaction): Promise<NoteRecord | undefined> {
    const query = this.#notes.findOne({ appointmentId: toStoredId(appointmentId) });
    const found = await query.session(transaction ?? null).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** The first draft of a visit. @throws the driver's error when there is one; `isDuplicateKey` tells */
  async begin(visit: NotedVisit, draft: Draft, transaction: Transaction): Promise<NoteRecord> {
    const ids = {
      appointmentId: toStoredId(visit.id),
      doctorId: toStoredId(visit.doctorId),
      patientId: toStoredId(visit.patientId),
    };
    const document = { ...ids, ...draft, version: 1, createdAt: draft.savedAt };
    const [created] = await this.#notes.create([document], { session: transaction });
    if (created === undefined) throw new Error('A note was not stored');
    return toRecord(created.toObject());
  }

  /** Saves the draft that was typed on a version. @returns `undefined` when it is signed or has another version */
  async save(
    appointmentId: string,
    version: number,
    draft: Draft,
    transaction: Transaction,
  ): Promise<NoteRecord | undefined> {
    return this.#update({ ...unsigned(appointmentId), version }, { $set: draft, $inc: { version: 1 } }, transaction);
  }

  /** Signs a version. @returns `undefined` as `save` does */
  async sign(
    appointmentId: string,
    version: number,
    signature: Signature,
    transaction: Transaction,
  ): Promise<NoteRecord | undefined> {
    return this.#update({ ...unsigned(appointmentId), version }, { $set: signature }, transaction);
  }

  /** Appends to a signed note. @returns `undefined` when it is not signed, has this amendment, or is full */
  async amend(
    appointmentId: string,
    amendment: AmendmentRecord,
    transaction: Transaction,
  ): Promise<NoteRecord | undefined> {
    const filter = {
      ...signed(appointmentId),
      'amendments.key': condition({ $ne: amendment.key }),
      [`amendments.${MAX_AMENDMENTS - 1}`]: condition({ $exists: false }),
    };
    const added = { ...amendment, authorId: toStoredId(amendment.authorId) };
    return this.#update(filter, { $push: { amendments: added } }, transaction);
  }

  /** Whether the patient can read a signed note. @returns `undefined` when it is not signed */
  async share(appointmentId: string, shared: boolean, transaction: Transaction): Promise<NoteRecord | undefined> {
    return this.#update(signed(appointmentId), { $set: { shared } }, transaction);
  }

  /** Makes the draft of one visit that of another one, which has no note yet. */
  async moveDraft(fromId: string, toId: string, transaction: Transaction): Promise<void> {
    const moved = { $set: { appointmentId: toStoredId(toId) } };
    await this.#notes.updateOne(unsigned(fromId), moved, { session: transaction });
  }

  async #update(
    filter: QueryFilter<StoredVisitNote>,
    update: object,
    transaction: Transaction,
  ): Promise<NoteRecord | undefined> {
    const options = { session: transaction, returnDocument: 'after', runValidators: true } as const;
    const found = await this.#notes.findOneAndUpdate(filter, update, options).lean();
    return found === null ? undefined : toRecord(found);
  }
}

const unsigned = (appointmentId: string) => ({ appointmentId: toStoredId(appointmentId), signedAt: null });
const signed = (appointmentId: string) => ({
  appointmentId: toStoredId(appointmentId),
  signedAt: condition({ $ne: null }),
});
