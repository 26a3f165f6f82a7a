import type { AppointmentEvent } from '@health-connect/contract';
import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import AppointmentHistory from './AppointmentHistory.svelte';
import { appointmentOf } from './testing/appointment.ts';

const eventOf = (change: AppointmentEvent['change'], changes: Partial<AppointmentEvent> = {}): AppointmentEvent => ({
  change,
  by: 'patient',
  at: '2090-05-06T10:00:00.000Z',
  fromStartsAt: null,
  comment: '',
  ...changes,
});
const appointment = appointmentOf('2090-05-07T10:00:00.000Z', { myParty: 'patient' });

it('tells what came last first, with who did it, when, and what they said', () => {
  const confirmed = eventOf('confirm', { by: 'doctor', at: '2090-05-06T11:00:00.000Z', comment: 'Have your creams' });
  render(AppointmentHistory, { props: { appointment, events: [eventOf('request'), confirmed] } });
  const lines = screen.getAllByRole('listitem');
  expect(lines.map((line) => line.querySelector('time')?.getAttribute('datetime'))).toEqual([
    confirmed.at,
    '2090-05-06T10:00:00.000Z',
  ]);
  expect(lines[0]?.textContent).toContain('Dr Lima');
  expect(lines.map((line) => line.querySelector('bdi')?.textContent)).toEqual(['Have your creams', undefined]);
});

it('tells a ready reason of a cancelled one', () => {
  const ending = {
    change: 'cancel',
    by: 'patient',
    reason: '',
    reasonKind: 'elsewhere',
    at: eventOf('cancel').at,
  } as const;
  const cancelled = { ...appointment, status: 'cancelled', ending } as const;
  render(AppointmentHistory, { props: { appointment: cancelled, events: [eventOf('request'), eventOf('cancel')] } });
  const said = screen.getAllByRole('listitem').map((line) => line.querySelector('bdi')?.textContent);
  expect(said).toEqual([m['whyCancel.elsewhere'](), undefined]);
});

it('is not there where nothing has happened', () => {
  render(AppointmentHistory, { props: { appointment, events: [] } });
  expect(screen.queryByText(m['visit.history']())).toBeNull();
});
