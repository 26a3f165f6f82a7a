import type { Appointment } from '@health-connect/contract';
import { afterEach, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { Pages } from '../api/pages.svelte.ts';
import { refused, serve } from '../api/testing/server.ts';
import { answeredAppointment, appointmentOf } from '../appointments/testing/appointment.ts';
import { Emitter } from '../emitter.ts';
import { m } from '../paraglide/messages.js';
import { followHistory, historyOf, partOf } from './history.ts';

afterEach(() => vi.unstubAllGlobals());

const at = (startsAt: string, id: string): Appointment => appointmentOf(startsAt, { id: id.repeat(24) });
const listed = (items: readonly Appointment[]): Pages<Appointment> => {
  const pages = Pages.create<Appointment>(() => Promise.resolve({ items: [], next: null }));
  pages.put({ items, next: null });
  return pages;
};

it('a visit that is still to come stands apart from those that were; without one there is no heading', () => {
  const [coming, past] = [at('2030-05-06T10:00:00.000Z', 'a'), at('2030-05-01T10:00:00.000Z', 'b')];
  const now = new Date('2030-05-03T10:00:00.000Z');
  const parts = (items: readonly Appointment[]) => items.map((visit) => partOf(visit, listed(items), now));
  expect(parts([coming, past])).toEqual([m['appointments.coming'](), m['appointments.past']()]);
  expect(parts([past])).toEqual([undefined]);
});

const visitOf = (id: string, changes: Partial<Appointment> = {}): Appointment =>
  answeredAppointment('2030-05-01T10:00:00.000Z', { id: id.repeat(24), ...changes });

/** A history that somebody looks at, with how its server stands. */
async function shown(isOwn: boolean, length = 2) {
  const state = { list: Array.from({ length }, (_visit, index) => visitOf(index.toString(36))), denied: false };
  const asked = serve(({ path }) => {
    if (path.includes('/history')) return { appointments: state.list.slice(0, 20), next: null };
    if (state.denied) return refused('forbidden');
    return { appointment: state.list.find(({ id }) => path.endsWith(id)) };
  });
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
  });
  const visits = historyOf(call, 'b'.repeat(24));
  await visits.load();
  const socket = new Emitter<{ connected: undefined; 'appointment.changed': { readonly appointmentId: string } }>();
  const stop = followHistory({ call, socket }, visits, isOwn);
  const change = (id: string): void => socket.emit('appointment.changed', { appointmentId: id.repeat(24) });
  const notes = (): string[] => visits.items?.map(({ id, note }) => `${id.slice(0, 1)}:${note}`) ?? [];
  return { state, asked, visits, socket, stop, change, notes };
}

it('shows at once what becomes of a visit, such as a note that was signed', async () => {
  const { state, change, notes, stop, asked } = await shown(false);
  state.list = [visitOf('0', { note: 'signed' }), visitOf('1')];
  change('0');
  await expect.poll(notes).toEqual(['0:signed', '1:none']);
  state.denied = true;
  change('1');
  await expect.poll(() => asked.length).toBe(3);
  expect(notes()).toEqual(['0:signed', '1:none']);
  stop();
  change('1');
  expect(asked).toHaveLength(3);
});

it('has a new visit of who reads their own; a doctor hears of visits of others, too', async () => {
  const own = await shown(true);
  own.state.list = [visitOf('9'), ...own.state.list];
  own.change('9');
  await expect.poll(own.notes).toEqual(['9:none', '0:none', '1:none']);
  const chart = await shown(false);
  chart.change('9');
  expect(chart.asked).toHaveLength(1);
});

it('reads again what it may have missed, unless somebody has read on: they keep their place', async () => {
  const { state, socket, notes } = await shown(true);
  state.list = [visitOf('0', { status: 'cancelled' })];
  socket.emit('connected', undefined);
  await expect.poll(notes).toEqual(['0:none']);
  const far = await shown(true, 20);
  far.visits.put({ items: [...far.state.list, visitOf('z')], next: null });
  far.socket.emit('connected', undefined);
  far.change('y');
  expect(far.asked).toHaveLength(1);
});
