import { ProductError, type VisitNote } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import AmendForm from './AmendForm.svelte';
import { NoteDrafts } from './note-drafts.ts';
import { NoteWriting } from './note-writing.svelte.ts';
import NoteFields from './NoteFields.svelte';
import { contentOf, noteOf } from './testing/note.ts';

const drafts = NoteDrafts.of('d'.repeat(24), 'a'.repeat(24));
const press = (name: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(name, { selector: 'button span' }).closest('button') ?? document.body);

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

it('stay where they are when somebody else has written, too, until both are looked at', async () => {
  const theirs = noteOf({ version: 1, content: contentOf({ plan: 'Theirs' }) });
  const server = {
    read: () => Promise.resolve(theirs),
    movedTo: () => Promise.resolve(undefined),
    save: () => Promise.reject(new ProductError('note_conflict')),
    sign: () => Promise.reject(new ProductError('internal')),
  };
  const writing = NoteWriting.create(noteOf(), server, drafts);
  const app = App.create();
  const given = { writing, idPrefix: 'note' };
  const { unmount } = render(WithApp<ComponentProps<typeof NoteFields>>, { component: NoteFields, given, app });
  expect(app.unsaved.all).toEqual([writing]);
  const field = document.querySelector<HTMLTextAreaElement>('#note-plan');
  field?.focus();
  await fireEvent.input(field ?? document.body, { target: { value: 'Mine' } });
  await writing.flush();
  expect((await screen.findByRole('alert')).textContent).toContain(m['notes.conflict']());
  expect([document.activeElement === field, field?.isConnected]).toEqual([true, true]);
  await fireEvent.input(field ?? document.body, { target: { value: 'Mine, and more' } });
  expect([writing.content.plan, drafts.restore()?.content.plan]).toEqual(['Mine, and more', 'Mine, and more']);
  expect(screen.queryByText(m['notes.keepBoth']())).toBeNull();
  await press(m['steady.compare']());
  expect(screen.getByText('Theirs')).toBeDefined();
  await press(m['notes.keepBoth']());
  await expect.poll(() => field?.value).toBe('Mine, and more\n\nTheirs');
  unmount();
  expect(app.unsaved.all).toEqual([]);
});

it('have the way to the new time in the bar that stays in sight, where the appointment was moved', async () => {
  const server = {
    read: () => Promise.resolve(noteOf()),
    movedTo: () => Promise.resolve('e'.repeat(24)),
    save: () => Promise.reject(new ProductError('change_not_allowed')),
    sign: () => Promise.reject(new ProductError('internal')),
  };
  const writing = NoteWriting.create(noteOf(), server, drafts);
  const given = { writing, idPrefix: 'note' };
  render(WithApp<ComponentProps<typeof NoteFields>>, { component: NoteFields, given, app: App.create() });
  const field = document.querySelector<HTMLTextAreaElement>('#note-plan');
  await fireEvent.input(field ?? document.body, { target: { value: 'Mine' } });
  await writing.flush();
  const way = await screen.findByRole('button', { name: m['notes.movedGoOn']() });
  expect(way.closest('.word')?.querySelector('[data-note-state]')).toBeInstanceOf(HTMLElement);
  expect(screen.getByRole('alert').textContent).toContain(m['notes.moved']());
});

it.each([
  ['goes when it was added', true, 1],
  ['stays when something else was added', false, 0],
])('what was typed beside a signed note %s', async (_what, use, dropped) => {
  const note: VisitNote = noteOf({ signedAt: '2030-01-01T10:40:00.000Z', signedBy: 'Dr Lima' });
  serve(() => ({ note }));
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('d'.repeat(24));
  const ondropped = vi.fn<() => void>();
  const onamended = vi.fn<() => void>();
  const given = { note, leftover: contentOf({ plan: 'Rest and tea ' }), onamended, ondropped };
  render(WithApp<ComponentProps<typeof AmendForm>>, { component: AmendForm, given, app });
  if (use) await press(m['notes.leftoverUse']());
  else await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'Tea' } });
  await press(m['notes.amendSend']());
  await expect.poll(() => onamended.mock.calls.length).toBe(1);
  expect(ondropped).toHaveBeenCalledTimes(dropped);
});
