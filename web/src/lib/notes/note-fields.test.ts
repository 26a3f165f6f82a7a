import { ProductError, type Notification, type VisitNote } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { notificationWords } from '../notifications/notification-words.ts';
import { m } from '../paraglide/messages.js';
import { giveQuietSocket } from '../realtime/testing/quiet-socket.ts';
import AmendForm from './AmendForm.svelte';
import { NoteDrafts } from './note-drafts.ts';
import { NoteWriting } from './note-writing.svelte.ts';
import NoteFields from './NoteFields.svelte';
import { contentOf, noteOf } from './testing/note.ts';

const drafts = NoteDrafts.of('d'.repeat(24), 'a'.repeat(24));
const press = (name: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(name, { selector: 'button span' }).closest('button') ?? document.body);

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

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

const newsOf = (kind: Notification['kind'], appointmentId: string): Notification => ({
  id: 'f'.repeat(24),
  kind,
  byYou: false,
  at: '2030-01-01T10:00:00.000Z',
  readAt: null,
  appointmentId,
  startsAt: '2030-01-04T10:00:00.000Z',
  timeZone: 'Europe/Berlin',
  otherName: 'Ana Silva',
});

it('have one bar that stays in sight, with the way to the new time, where the appointment was moved', async () => {
  const server = {
    read: () => Promise.resolve(noteOf()),
    movedTo: () => Promise.resolve('e'.repeat(24)),
    save: () => Promise.reject(new ProductError('change_not_allowed')),
    sign: () => Promise.reject(new ProductError('internal')),
  };
  const writing = NoteWriting.create(noteOf(), server, drafts);
  const given = { writing, idPrefix: 'note' };
  const app = App.create();
  render(WithApp<ComponentProps<typeof NoteFields>>, { component: NoteFields, given, app });
  const field = document.querySelector<HTMLTextAreaElement>('#note-plan');
  await fireEvent.input(field ?? document.body, { target: { value: 'Mine' } });
  await writing.flush();
  const way = await screen.findByRole('button', { name: m['notes.movedGoOn']() });
  expect(way.closest('.word')?.querySelector('[data-note-state]')).toBeInstanceOf(HTMLElement);
  expect(screen.getAllByText(m['notes.moved']())).toHaveLength(1);
  expect([screen.queryByRole('alert'), screen.queryByText(/Not saved/)]).toEqual([null, null]);
  expect([app.announcer.assertiveText, document.querySelector('.notice')]).toEqual([m['notes.moved'](), null]);
});

it.each([true, false])('say so as soon as there is news of it, and nothing else says it: by you %s', async (byYou) => {
  const movedTo = 'e'.repeat(24);
  const server = {
    read: () => Promise.resolve(noteOf()),
    movedTo: () => Promise.resolve(movedTo),
    save: vi.fn<() => Promise<VisitNote>>(() => Promise.reject(new ProductError('change_not_allowed'))),
    sign: () => Promise.reject(new ProductError('internal')),
  };
  const writing = NoteWriting.create(noteOf(), server, drafts);
  const app = App.create();
  const socket = giveQuietSocket(app);
  const unfollow = app.bell.follow(socket);
  const show = vi.spyOn(app.toasts, 'show');
  const given = { writing, idPrefix: 'note' };
  const { unmount } = render(WithApp<ComponentProps<typeof NoteFields>>, { component: NoteFields, given, app });
  const field = document.querySelector<HTMLTextAreaElement>('#note-plan');
  await fireEvent.input(field ?? document.body, { target: { value: 'Mine' } });
  socket.emit('notification.added', { notification: { ...newsOf('moved', movedTo), byYou }, unread: 1 });
  expect(await screen.findByRole('button', { name: m['notes.movedGoOn']() })).toBeDefined();
  expect([server.save.mock.calls, drafts.restore()?.content.plan]).toEqual([[], 'Mine']);
  const others = [{ ...newsOf('moved', 'c'.repeat(24)), otherName: 'Ben' }, newsOf('cancelled', movedTo)];
  for (const notification of others) socket.emit('notification.added', { notification, unread: 2 });
  const words = others.map((news) => notificationWords(news, new Date()));
  await expect.poll(() => new Set(show.mock.calls.flat())).toEqual(new Set(words));
  unmount();
  const later = newsOf('moved', movedTo);
  socket.emit('notification.added', { notification: later, unread: 4 });
  await expect.poll(() => show.mock.calls.at(-1)).toEqual([notificationWords(later, new Date())]);
  unfollow();
});

it.each([
  ['change_not_allowed', m['notes.refusedClosed']],
  ['forbidden', m['notes.refusedForbidden']],
  ['body_too_large', m['notes.refusedLong']],
] as const)('say why they are not saved, and do not ask to try again: %s', async (code, why) => {
  const server = {
    read: () => Promise.resolve(noteOf()),
    movedTo: () => Promise.resolve(undefined),
    save: () => Promise.reject(new ProductError(code)),
    sign: () => Promise.reject(new ProductError('internal')),
  };
  const writing = NoteWriting.create(noteOf(), server, drafts);
  const given = { writing, idPrefix: 'note' };
  const app = App.create();
  render(WithApp<ComponentProps<typeof NoteFields>>, { component: NoteFields, given, app });
  writing.write('plan', 'Mine');
  await writing.flush();
  expect(await screen.findByText(m['notes.refused']({ why: why() }))).toBeDefined();
  expect(screen.queryByRole('button', { name: m['action.tryAgain']() })).toBeNull();
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
