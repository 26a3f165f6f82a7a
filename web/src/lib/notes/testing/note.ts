import type { NoteContent, VisitNote } from '@health-connect/contract';

/** What is written in a note, for tests. */
export const contentOf = (changes: Partial<NoteContent> = {}): NoteContent => ({
  subjective: '',
  objective: '',
  assessment: '',
  plan: '',
  text: '',
  ...changes,
});

/** A note of Dr Lima about a visit of Ana, for tests. */
export const noteOf = (changes: Partial<VisitNote> = {}): VisitNote => ({
  appointmentId: 'a'.repeat(24),
  visitStartsAt: '2030-01-01T10:00:00.000Z',
  doctorName: 'Dr Lima',
  patientName: 'Ana Souza',
  version: 0,
  content: contentOf(),
  savedAt: null,
  signedAt: null,
  signedBy: '',
  shared: true,
  amendments: [],
  ...changes,
});
