import type { VisitNote } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { refused, serve, type Asked } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { answeredAppointment } from '../appointments/testing/appointment.ts';
import { m } from '../paraglide/messages.js';
import { giveQuietSocket } from '../realtime/testing/quiet-socket.ts';
import { accountOf } from '../session/testing/account.ts';
import { putServerAhead } from '../testing/server-ahead.ts';
import NotePage from './NotePage.svelte';
import { contentOf, noteOf } from './testing/note.ts';

const appointmentId = 'a'.repeat(24);

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  putServerAhead(0);
});

/** The page of a note for one of the two, at a server that has it as it is told. */
async function show(
  role: 'doctor' | 'patient',
  note: VisitNote,
  changed: (asked: Asked) => unknown = () => ({}),
  visit: 'own' | 'none' = 'own',
) {
  const server = { note };
  const asked = serve((each) => {
    if (each.path.endsWith('/me')) return { account: accountOf(role) };
    if (each.method !== 'GET') return changed(each);
    if (each.path.endsWith('/note')) return { note: server.note };
    if (visit === 'none') return refused('forbidden');
    return { appointment: answeredAppointment(note.visitStartsAt, { myParty: role }) };
  });
  const app = App.create();
  await app.session.load();
  const socket = giveQuietSocket(app);
  render(WithApp<ComponentProps<typeof NotePage>>, { app, component: NotePage, given: { appointmentId } });
  return { server, socket, reads: () => asked.filter(({ path }) => path.endsWith('/note')).length };
}
const signed = (changes: Partial<VisitNote> = {}): VisitNote =>
  noteOf({
    content: contentOf({ plan: 'Rest' }),
    signedAt: '2030-01-01T10:40:00.000Z',
    signedBy: 'Dr Lima',
    ...changes,
  });
const AMENDMENT = { text: 'And tea', at: '2030-01-02T10:00:00.000Z', authorName: 'Dr Lima' };

it('shows who reads what was added while the connection was away', async () => {
  const { server, socket } = await show('patient', signed());
  await screen.findByText('Rest');
  server.note = signed({ amendments: [AMENDMENT] });
  socket.emit('connected', undefined);
  expect(await screen.findByText('And tea')).toBeTruthy();
});

it('reads it again for news of this appointment, and of no other', async () => {
  const { server, socket, reads } = await show('patient', signed());
  await screen.findByText('Rest');
  const before = reads();
  server.note = signed({ amendments: [AMENDMENT] });
  socket.emit('appointment.changed', { appointmentId: 'c'.repeat(24) });
  expect(reads()).toBe(before);
  socket.emit('appointment.changed', { appointmentId });
  expect(await screen.findByText('And tea')).toBeTruthy();
});

it('does not read over what its doctor writes', async () => {
  const { socket, reads } = await show('doctor', noteOf());
  await screen.findByText(m['notes.plan']());
  const before = reads();
  await fireEvent.input(document.querySelector('#note-plan') ?? document.body, { target: { value: 'Rest and tea' } });
  socket.emit('connected', undefined);
  socket.emit('appointment.changed', { appointmentId });
  expect([reads(), document.querySelector('#note-plan')]).toMatchObject([before, { value: 'Rest and tea' }]);
});

it('shows its doctor what they added, or share no longer, in another tab or on another device', async () => {
  const { server, socket } = await show('doctor', signed({ shared: true }));
  await screen.findByText('Rest');
  const box = screen.getByRole<HTMLInputElement>('checkbox');
  expect(box.checked).toBe(true);
  server.note = signed({ shared: false, amendments: [AMENDMENT] });
  socket.emit('appointment.changed', { appointmentId });
  expect(await screen.findByText('And tea')).toBeTruthy();
  expect(box.checked).toBe(false);
});

it('keeps the note in sight where it cannot be read again', async () => {
  const { socket } = await show('patient', signed());
  await screen.findByText('Rest');
  serve(() => refused('unavailable'));
  socket.emit('connected', undefined);
  expect(await screen.findByText(m['net.serverDown']())).toBeTruthy();
  expect(screen.getByText('Rest')).toBeTruthy();
});

it('takes a note out of sight as soon as its doctor shares it no longer, and shows it again once they do', async () => {
  const { socket } = await show('patient', signed());
  await screen.findByText('Rest');
  serve(() => refused('forbidden'));
  socket.emit('appointment.changed', { appointmentId });
  expect(await screen.findByText(m['notes.notYetTitle']())).toBeTruthy();
  expect(screen.queryByText('Rest')).toBeNull();
  serve(() => ({ note: signed() }));
  socket.emit('connected', undefined);
  expect(await screen.findByText('Rest')).toBeTruthy();
});

const wayBack = (): string | null | undefined => document.querySelector('main a.way')?.getAttribute('href');

it.each(['doctor', 'patient'] as const)('leads back to the appointment: %s', async (role) => {
  await show(role, signed());
  await screen.findByText('Rest');
  expect(wayBack()).toBe(`/appointments/${appointmentId}`);
});

it('does not lead a colleague to an appointment that is not theirs', async () => {
  await show('doctor', signed(), undefined, 'none');
  await screen.findByText('Rest');
  expect(wayBack()).toBeUndefined();
});

it('leads a patient on to the appointment where there are no notes for them', async () => {
  serve(({ path }) => (path.endsWith('/me') ? { account: accountOf('patient') } : refused('not_found')));
  const app = App.create();
  await app.session.load();
  giveQuietSocket(app);
  render(WithApp<ComponentProps<typeof NotePage>>, { app, component: NotePage, given: { appointmentId } });
  const way = await screen.findByRole('link', { name: m['notes.notYetGo']() });
  expect(way.getAttribute('href')).toBe(`/appointments/${appointmentId}`);
});

it.each([
  { what: 'has begun', startsInHours: -1, aheadHours: 6, words: m['notes.signNotNow'] },
  { what: 'has not begun', startsInHours: 1, aheadHours: -6, words: m['notes.signEarly'] },
] as const)('says why a note cannot be signed by the clock of the server: its visit $what', async (given) => {
  putServerAhead(given.aheadHours * 3_600_000);
  const startsMs = Date.now() + (given.aheadHours + given.startsInHours) * 3_600_000;
  const note = noteOf({ visitStartsAt: new Date(startsMs).toISOString(), content: contentOf({ plan: 'Rest' }) });
  await show('doctor', note, () => refused('change_not_allowed'));
  await fireEvent.click(await screen.findByRole('button', { name: m['notes.sign']() }));
  const dialog = await vi.waitUntil(() => document.querySelector('dialog[open]'));
  await fireEvent.submit(dialog.querySelector('form') ?? document.body);
  expect((await screen.findByRole('alert')).textContent).toContain(given.words());
});
