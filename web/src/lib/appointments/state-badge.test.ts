import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import StateBadge from './StateBadge.svelte';
import { appointmentOf } from './testing/appointment.ts';

const ended = (outcome: 'met' | 'missed' | null) =>
  appointmentOf('2030-05-06T10:00:00.000Z', {
    status: 'completed',
    outcome,
    door: { state: 'closed', opensAt: '2030-05-06T09:30:00.000Z' },
  });

it('says that a visit was missed, with a sign of its own', () => {
  const { container } = render(StateBadge, { appointment: ended('missed'), running: false });
  expect(screen.getByText(m['state.missed']()).closest('.badge')?.className).toContain('gray');
  expect(screen.queryByText(m['state.completed']())).toBeNull();
  expect(container.querySelector('.lucide-check')).toBeNull();
});

it('says that a visit is done where the two have met', () => {
  const { container } = render(StateBadge, { appointment: ended('met'), running: false });
  expect(screen.getByText(m['state.completed']())).toBeTruthy();
  expect(container.querySelector('.lucide-check')).not.toBeNull();
});

it.each([
  ['doctor', () => m['state.yourAnswer']()],
  ['patient', () => m['state.pending']()],
  ['colleague', () => m['state.pending']()],
] as const)('tells a %s whose turn it is with a request to the doctor', (myParty, expected) => {
  const appointment = appointmentOf('2030-05-06T10:00:00.000Z', { status: 'pending', awaiting: 'doctor', myParty });
  render(StateBadge, { appointment, running: false });
  expect(screen.getByText(expected())).toBeTruthy();
});
