import { it as base, vi } from 'vitest';
import { NoteDrafts } from '../note-drafts.ts';
import { NoteWriting } from '../note-writing.svelte.ts';
import { FakeNoteServer } from './fake-note-server.ts';

/** Whose drafts these are. */
export const ACCOUNT = 'd'.repeat(24);
export const drafts = NoteDrafts.of(ACCOUNT, 'a'.repeat(24));

/** Lets time pass, in a test of these. */
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A test in which a note is written: time passes as it says, and nothing is kept in the browser when it begins. */
export const it = base
  .extend('still', { auto: true }, ({ onTestFinished }) => {
    vi.useFakeTimers();
    localStorage.clear();
    onTestFinished(() => void vi.useRealTimers());
  })
  .extend('server', () => new FakeNoteServer())
  .extend(
    'open',
    ({ server }) =>
      () =>
        NoteWriting.create(server.note, server, drafts),
  );
