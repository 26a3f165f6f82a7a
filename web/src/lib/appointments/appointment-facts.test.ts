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

it('tell whose words stand with another time: of its author alone where it was taken back before anybody agreed', () => {
  const offered = { replacesId: 'b', proposedBy: 'patient', comment: 'Later?', myParty: 'doctor' } as const;
  const appointment = appointmentOf(AT, { ...offered, status: 'cancelled', ending: called });
  const whose = (change: 'move' | 'cancel'): string | undefined => {
    const given = {
      appointment,
      events: [{ change, by: 'patient', at: AT, fromStartsAt: null, comment: '' } as const],
    };
    const { unmount } = render(WithApp<ComponentProps<typeof AppointmentFacts>>, {
      component: AppointmentFacts,
      given,
    });
    const told = screen.getByText('Later?').closest('dd')?.previousElementSibling?.textContent;
    unmount();
    return told;
  };
  expect([whose('cancel'), whose('move')]).toEqual(['Ana Souza wrote', 'You and Ana Souza wrote']);
});
