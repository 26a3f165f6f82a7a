import type { Appointment } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { answeredAppointment } from '../appointments/testing/appointment.ts';
import { elsewhereWords, whenWords } from '../appointments/when.ts';
import { m } from '../paraglide/messages.js';
import RequestList from './RequestList.svelte';

const STARTS_AT = '2098-05-06T10:00:00.000Z';
const requestOf = (changes: Partial<Appointment> = {}): Appointment =>
  answeredAppointment(STARTS_AT, {
    status: 'pending',
    awaiting: 'doctor',
    myParty: 'doctor',
    changes: ['confirm', 'decline', 'cancel'],
    ...changes,
  });
const withRequest = (request: Appointment) => ({
  component: RequestList,
  given: { requests: [request], onchanged: () => Promise.resolve() },
});
const show = (request: Appointment) => render(WithApp<ComponentProps<typeof RequestList>>, withRequest(request));
/** When it is, as a search for a text finds it: that takes every space for a plain one. */
const whenShown = (startsAt: string): string => whenWords(new Date(startsAt), new Date()).replaceAll('\u00A0', ' ');
/** A click on what stands in a button is one on the button, except in this artificial browser. */
const press = (name: string, place = 'li'): Promise<boolean> =>
  fireEvent.click(screen.getByText(name, { selector: `${place} button span` }).closest('button') ?? document.body);
const send = (name: string): Promise<boolean> => press(name, 'form');
const words = (): string => {
  const field = screen.queryByRole('textbox');
  return field instanceof HTMLTextAreaElement ? field.value : 'no field';
};

afterEach(() => vi.unstubAllGlobals());

it('keeps the words where somebody was faster, says how it is now, and sends them for what it is now', async () => {
  const current = requestOf({ version: 7 });
  let conflicts = 1;
  const asked = serve(({ method }) => {
    if (method === 'POST' && conflicts-- > 0) return refused('version_conflict');
    return { appointment: current };
  });
  show(requestOf({ version: 1 }));
  await press(m['visit.confirm']());
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'Bring your card' } });
  await send(m['visit.confirm']());
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.overtakenWords']());
  expect(words()).toBe('Bring your card');
  await send(m['visit.confirm']());
  await expect.poll(words).toBe('no field');
  const sent = asked.filter(({ method }) => method === 'POST').map(({ body }) => body);
  expect(sent).toEqual([
    { version: 1, comment: 'Bring your card' },
    { version: 7, comment: 'Bring your card' },
  ]);
});

it.each([m['visit.confirm'](), m['visit.decline']()])('says whose time is answered before "%s"', async (answer) => {
  show(requestOf());
  await press(answer);
  const when = whenShown(STARTS_AT);
  expect(screen.getByText(m['home.openVisit']({ name: 'Ana Souza', when }), { selector: 'dialog *' })).toBeTruthy();
});

it('leaves the words to be copied where nothing can be answered any more', async () => {
  const gone = requestOf({
    version: 7,
    status: 'cancelled',
    awaiting: null,
    changes: [],
    ending: { change: 'cancel', by: 'patient', reason: 'Better now', reasonKind: null, at: STARTS_AT },
  });
  serve(({ method }) => (method === 'POST' ? refused('change_not_allowed') : { appointment: gone }));
  show(requestOf());
  await press(m['visit.decline']());
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'I am away' } });
  await send(m['visit.decline']());
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.cancelledBy']({ name: 'Ana Souza' }));
  expect(words()).toBe('I am away');
  expect(screen.queryByText(m['visit.decline'](), { selector: 'form button span' })).toBeNull();
});

it('shows a wish to move as one: the time before, the words, and that it stays when the answer is no', async () => {
  const before = answeredAppointment('2098-05-01T09:00:00.000Z', { id: 'c'.repeat(24), myParty: 'doctor' });
  serve(() => ({ appointment: before }));
  show(requestOf({ replacesId: before.id, proposedBy: 'patient', comment: 'My train is late' }));
  expect(screen.getByText('My train is late')).toBeTruthy();
  const link = await screen.findByText(whenShown(before.startsAt));
  expect(link.closest('a')?.getAttribute('href')).toBe(`/appointments/${before.id}`);
  await press(m['visit.decline']());
  expect(screen.getByText(m['visit.declineProposal']({ name: 'Ana Souza' }))).toBeTruthy();
});

it('shows a new request without another time, and that its time is free after a no', async () => {
  show(requestOf());
  expect(screen.queryByText(m['visit.insteadOf'](), { exact: false })).toBeNull();
  await press(m['visit.decline']());
  expect(screen.getByText(m['visit.declineText']({ name: 'Ana Souza' }))).toBeTruthy();
});

it('goes on showing the time before while the list is read again', async () => {
  const before = answeredAppointment('2098-05-01T09:00:00.000Z', { id: 'c'.repeat(24), myParty: 'doctor' });
  const asked = serve(() => ({ appointment: before }));
  const request = requestOf({ replacesId: before.id, proposedBy: 'patient' });
  const { rerender } = show(request);
  const when = whenShown(before.startsAt);
  await screen.findByText(when);
  await rerender(withRequest({ ...request }));
  expect(screen.queryByText(when)).not.toBeNull();
  await expect.poll(() => screen.queryByText(when)).not.toBeNull();
  expect(asked).toHaveLength(1);
});

it('tells the time where the hours are meant, where the doctor reads it in another zone', () => {
  show(requestOf({ timeZone: 'Pacific/Apia' }));
  const there = elsewhereWords(new Date(STARTS_AT), 'Pacific/Apia', new Date()).replaceAll('\u00A0', ' ');
  expect(screen.getByText(there)).toBeTruthy();
});
