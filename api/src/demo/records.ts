import type { NoteContent } from '@health-connect/contract';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import type { Transaction } from '../database/database.ts';
import { newId } from '../database/ids.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { RatingRepository } from '../ratings/rating.repository.ts';
import type { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';
import type { WrittenNote } from './timetable.ts';

interface Parts {
  readonly doctors: Pick<DoctorRepository, 'countRating'>;
  readonly notes: VisitNoteRepository;
  readonly ratings: Pick<RatingRepository, 'insert'>;
}

type Visit = NewAppointment & { readonly id: string };

const DAY_MS = 24 * 60 * 60_000;
const BLANK: NoteContent = { subjective: '', objective: '', assessment: '', plan: '', text: '' };

/** What is known of a visit that is over, as if it had been written and rated through the product. */
export async function insertRecord(
  parts: Parts,
  visit: Visit,
  note: WrittenNote | undefined,
  transaction: Transaction,
): Promise<void> {
  if (note !== undefined) await insertNote(parts, visit, note, transaction);
  const { rating, review = '', ratedAt } = visit;
  if (typeof rating !== 'number' || !(ratedAt instanceof Date)) return;
  const { id: appointmentId, doctorId } = visit;
  await parts.ratings.insert({ appointmentId, doctorId, rating, review, ratedAt }, transaction);
  await parts.doctors.countRating(doctorId, { sum: rating, count: 1 }, transaction);
}

async function insertNote({ notes }: Parts, visit: Visit, note: WrittenNote, transaction: Transaction): Promise<void> {
  const at = visit.endsAt;
  const draft = { content: { ...BLANK, ...note.content }, shared: true, savedAt: at, auditedAt: at };
  await notes.begin(visit, draft, transaction);
  if (note.isDraft === true) return;
  const { doctorName: authorName } = note;
  await notes.sign(visit.id, 1, { shared: true, signedAt: at, signedBy: authorName }, transaction);
  if (note.amendment === undefined) return;
  const amendment = { key: newId(), at: new Date(at.getTime() + DAY_MS), text: note.amendment };
  await notes.amend(visit.id, { ...amendment, authorId: visit.doctorId, authorName }, transaction);
}
