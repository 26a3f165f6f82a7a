import { ProductError, type VisitNote } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { NoteDrafts } from './note-drafts.ts';
import { NoteWriting } from './note-writing.svelte.ts';
import NoteSharing from './NoteSharing.svelte';
import { noteOf } from './testing/note.ts';

const signed = (shared: boolean): VisitNote =>
  noteOf({ signedAt: '2030-01-01T10:40:00.000Z', signedBy: 'Dr Lima', shared });
const never = () => Promise.reject(new ProductError('internal'));

/** The box of a note that is shared, at a server that answers when it is told to. */
function setUp() {
  const asked: boolean[] = [];
  const waiting: ((answer: Response) => void)[] = [];
  vi.stubGlobal('fetch', (_path: unknown, init?: RequestInit) => {
    asked.push(init?.body === '{"shared":true}');
    return new Promise<Response>((resolve) => waiting.push(resolve));
  });
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('d'.repeat(24));
  const writing = NoteWriting.create(
    signed(true),
    { read: never, movedTo: never, save: never, sign: never },
    NoteDrafts.of('d'.repeat(24), 'a'.repeat(24)),
  );
  render(WithApp<ComponentProps<typeof NoteSharing>>, { component: NoteSharing, given: { writing }, app });
  const box = screen.getByRole<HTMLInputElement>('checkbox');
  const answer = (response: Response): void => waiting.shift()?.(response);
  return { box, asked, answer, writing };
}
const done = (shared: boolean): Response => new Response(JSON.stringify({ note: signed(shared) }));

afterEach(() => vi.unstubAllGlobals());

it('goes back to what the server has when it could not be changed, and says so', async () => {
  const { box, answer } = setUp();
  await fireEvent.click(box);
  expect([box.checked, box.closest('[aria-busy="true"]') === null]).toEqual([false, false]);
  answer(refused('forbidden'));
  await screen.findByRole('alert');
  expect([box.checked, box.closest('[aria-busy="true"]')]).toEqual([true, null]);
  // What went wrong is no news any more once it is tried again.
  await fireEvent.click(box);
  expect(screen.queryByRole('alert')).toBeNull();
  answer(done(false));
  await expect.poll(() => box.closest('[aria-busy="true"]')).toBeNull();
  expect([box.checked, screen.queryByRole('alert')]).toEqual([false, null]);
});

it('ends with what was pressed last, whatever the server is slow with', async () => {
  const { box, asked, answer, writing } = setUp();
  await fireEvent.click(box);
  await fireEvent.click(box);
  expect([asked, box.checked]).toEqual([[false], true]);
  answer(done(false));
  await expect.poll(() => asked).toEqual([false, true]);
  answer(done(true));
  await expect.poll(() => box.closest('[aria-busy="true"]')).toBeNull();
  expect([box.checked, writing.note.shared]).toEqual([true, true]);
});
