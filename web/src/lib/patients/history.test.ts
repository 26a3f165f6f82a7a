import type { Appointment } from '@health-connect/contract';
import { expect, it } from 'vitest';
import { Pages } from '../api/pages.svelte.ts';
import { appointmentOf } from '../appointments/testing/appointment.ts';
import { m } from '../paraglide/messages.js';
import { partOf } from './history.ts';

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
