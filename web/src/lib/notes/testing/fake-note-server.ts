import { noteContentSchema, ProductError, type VisitNote } from '@health-connect/contract';
import { NoAnswerError } from '../../api/client.ts';
import type { NoteServer } from '../note-saving.ts';
import { noteOf } from './note.ts';

export const offline = (): Error => new NoAnswerError('offline', undefined);

/** A server that holds one note as the api does; `fails` are what its next saves end in, `lost` loses the answer only. */
export class FakeNoteServer implements NoteServer {
  note: VisitNote = noteOf();
  fails: (Error | 'lost')[] = [];
  saves = 0;
  successor: string | undefined;
  hold: Promise<void> | undefined;

  read(): Promise<VisitNote> {
    return Promise.resolve(this.note);
  }

  async save({ content, shared, version }: Parameters<NoteServer['save']>[0]): Promise<VisitNote> {
    this.saves += 1;
    const failure = this.fails.shift();
    await this.hold;
    if (failure instanceof Error) throw failure;
    if (this.note.signedAt !== null) throw new ProductError('note_signed');
    if (version !== this.note.version) throw new ProductError('note_conflict');
    const stored = noteContentSchema.parse(content);
    this.note = { ...this.note, content: stored, shared, version: version + 1, savedAt: '2030-01-01T10:31:00.000Z' };
    if (failure === 'lost') throw offline();
    return this.note;
  }

  movedTo(): Promise<string | undefined> {
    return Promise.resolve(this.successor);
  }

  sign({ version, shared }: Parameters<NoteServer['sign']>[0]): Promise<VisitNote> {
    if (version !== this.note.version) return Promise.reject(new ProductError('note_conflict'));
    this.note = { ...this.note, shared, signedAt: '2030-01-01T10:40:00.000Z', signedBy: 'Dr Lima' };
    return Promise.resolve(this.note);
  }
}
