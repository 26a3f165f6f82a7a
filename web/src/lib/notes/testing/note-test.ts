import { it as base, vi } from 'vitest';
import { NoteDrafts } from '../note-drafts.ts';
import { NoteWriting } from '../note-writing.svelte.ts';
import { FakeNoteServer } from './fake-note-server.ts';

/** Whose drafts these are. */
export const ACCOUNT = 'd'.repeat(24);

/** A test in which a note is written: time passes as it says, and nothing is kept in the browser when it begins. */
export const it = base
  .extend('pass', { auto: true }, ({ onTestFinished }) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    return (ms: number) => vi.advanceTimersByTimeAsync(ms);
  })
  .extend('drafts', { auto: true }, () => {
    localStorage.clear();
    return NoteDrafts.of(ACCOUNT, 'a'.repeat(24));
  })
  .extend('server', () => new FakeNoteServer())
  .extend(
    'open',
    ({ server, drafts }) =>
      () =>
        NoteWriting.create(server.note, server, drafts),
  );
