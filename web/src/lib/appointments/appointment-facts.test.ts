import type { Appointment } from '@health-connect/contract';
import { render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import AppointmentFacts from './AppointmentFacts.svelte';
import { appointmentOf } from './testing/appointment.ts';

const AT = '2098-05-06T10:00:00.000Z';
const called = { change: 'cancel', by: 'patient', reason: '', reasonKind: null, at: AT } as const;

/** Why it was called off, as its facts tell. */
function why(ending: Appointment['ending']): string | undefined {
  const given = { appointment: appointmentOf(AT, { status: 'cancelled', ending }) };
  const { unmount } = render(WithApp<ComponentProps<typeof AppointmentFacts>>, { component: AppointmentFacts, given });
  const told = screen.queryByText(m['visit.why']())?.nextElementSibling?.textContent;
  unmount();
  return told;
}

it('tell why it was called off, in words or by a ready reason, where somebody said so', () => {
  expect(why({ ...called, reasonKind: 'time' })).toBe(m['whyCancel.time']());
  expect(why({ ...called, reason: 'Krank' })).toBe('Krank');
  expect([why(called), why(null)]).toEqual([undefined, undefined]);
});
