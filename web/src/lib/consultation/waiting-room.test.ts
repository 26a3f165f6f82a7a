import type { Appointment } from '@health-connect/contract';
import { cleanup, render, screen } from '@testing-library/svelte';
import { flushSync, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { answeredAppointment } from '../appointments/testing/appointment.ts';
import { m } from '../paraglide/messages.js';
import { giveQuietSocket } from '../realtime/testing/quiet-socket.ts';
import { putServerAhead } from '../testing/server-ahead.ts';
import Consultation from './Consultation.svelte';

const id = 'a'.repeat(24);
const OPENS_AT = '2090-05-06T09:30:00.000Z';
const doorOf = (state: Appointment['door']['state']): Appointment =>
  answeredAppointment('2090-05-06T10:00:00.000Z', { id, door: { state, opensAt: OPENS_AT } });

beforeEach(() => vi.useFakeTimers({ now: Date.parse(OPENS_AT) - 60_000, shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  putServerAhead(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The page of a consultation whose door is as the server says. */
function show() {
  const server: { appointment: Appointment | undefined } = { appointment: doorOf('early') };
  const asked = serve(() => {
    const { appointment } = server;
    return appointment === undefined ? refused('unavailable') : { appointment };
  });
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('b'.repeat(24));
  const socket = giveQuietSocket(app);
  render(WithApp<ComponentProps<typeof Consultation>>, { app, component: Consultation, given: { id } });
  return { server, socket, reads: () => asked.length };
}
const heading = (name: string): Promise<HTMLElement> => screen.findByRole('heading', { level: 1, name });

it('opens the door when what happened while the connection was away was that', async () => {
  const { server, socket } = show();
  await heading(m['early.title']());
  server.appointment = doorOf('open');
  socket.emit('connected', undefined);
  expect(await heading(m['prepare.title']())).toBeTruthy();
});

it('reads it again for news of this consultation, and of no other', async () => {
  const { server, socket, reads } = show();
  await heading(m['early.title']());
  server.appointment = doorOf('closed');
  socket.emit('appointment.changed', { appointmentId: 'c'.repeat(24) });
  socket.emit('appointment.changed', { appointmentId: id });
  expect(await heading(m['closed.title']())).toBeTruthy();
  expect(reads()).toBe(2);
});

it('keeps what it knows where it cannot be read again', async () => {
  const { server, socket, reads } = show();
  await heading(m['early.title']());
  server.appointment = undefined;
  socket.emit('connected', undefined);
  await expect.poll(reads).toBeGreaterThan(1);
  await heading(m['early.title']());
});

it.each([6, -6])('opens the door by the clock of the server, %d h from that of the device', async (hours) => {
  vi.setSystemTime(Date.parse(OPENS_AT) - 60_000 - hours * 3_600_000);
  putServerAhead(hours * 3_600_000);
  const { server, reads } = show();
  await heading(m['early.title']());
  server.appointment = doorOf('open');
  vi.advanceTimersByTime(50_000);
  flushSync();
  expect(reads()).toBe(1);
  vi.advanceTimersByTime(12_000);
  expect(await heading(m['prepare.title']())).toBeTruthy();
});
