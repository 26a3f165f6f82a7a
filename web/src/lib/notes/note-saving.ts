import type { VisitNote } from '@health-connect/contract';
import type { NoteDraft } from './note-drafts.ts';

/**
 * - `saved`: the server has what is shown
 * - `changed`: it is about to be sent
 * - `saving`: it is on its way
 * - `unsaved`: it could not be sent; we keep trying
 * - `conflict`: something else was saved meanwhile, and the person has to choose
 * - `refused`: the server does not take it, and would not take it later
 * - `signed`: the note was signed; nothing of it changes any more
 */
export type NoteSaveState = 'saved' | 'changed' | 'saving' | 'unsaved' | 'conflict' | 'refused' | 'signed';

/** The server as the draft sees it. */
export interface NoteServer {
  read(): Promise<VisitNote>;
  save(draft: Pick<NoteDraft, 'content' | 'shared' | 'version'>): Promise<VisitNote>;
  sign(signing: Pick<NoteDraft, 'shared' | 'version'>): Promise<VisitNote>;
  /** The appointment that took the place of the one that the note is about. */
  movedTo(): Promise<string | undefined>;
}
