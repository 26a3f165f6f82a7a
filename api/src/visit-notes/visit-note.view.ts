import { NOTE_SECTIONS, type NoteContent, type VisitNote } from '@health-connect/contract';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { NoteRecord } from './visit-note.repository.ts';

const BLANK: NoteContent = { subjective: '', objective: '', assessment: '', plan: '', text: '' };

/** Whether nothing has been written. */
export const isBlank = (content: NoteContent): boolean => NOTE_SECTIONS.every((section) => content[section] === '');

export const isSameContent = (one: NoteContent, other: NoteContent): boolean =>
  NOTE_SECTIONS.every((section) => one[section] === other[section]);

/** A note as it is answered; a visit without one has a blank draft. @param nameOf names of accounts by id */
export function toVisitNote(
  visit: AppointmentRecord,
  note: NoteRecord | undefined,
  nameOf: (id: string) => string,
): VisitNote {
  return {
    appointmentId: visit.id,
    visitStartsAt: visit.startsAt.toISOString(),
    doctorName: nameOf(visit.doctorId),
    patientName: nameOf(visit.patientId),
    version: note?.version ?? 0,
    content: { ...BLANK, ...note?.content },
    savedAt: note?.savedAt.toISOString() ?? null,
    signedAt: note?.signedAt?.toISOString() ?? null,
    signedBy: note?.signedBy ?? '',
    shared: note?.shared ?? visit.noteShared,
    amendments: (note?.amendments ?? []).map(({ at, authorName, text }) => ({
      at: at.toISOString(),
      authorName,
      text,
    })),
  };
}
