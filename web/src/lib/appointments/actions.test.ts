import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import AppointmentActions from './AppointmentActions.svelte';
import { appointmentOf } from './testing/appointment.ts';

const press = (name: string, place: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(name, { selector: `${place} button span` }).closest('button') ?? document.body);

it('keeps the words of a change that was overtaken', async () => {
  let faster = true;
  const appointment = appointmentOf('2098-05-06T10:00:00.000Z', { changes: ['cancel'] });
  render(WithApp<ComponentProps<typeof AppointmentActions>>, {
    component: AppointmentActions,
    given: {
      appointment,
      hasProposal: false,
      ondeed: () => Promise.resolve(!faster),
      onpick: () => undefined,
    },
  });
  await press(m['visit.cancel'](), '.actions');
  const field = screen.getByRole('textbox');
  await fireEvent.input(field, { target: { value: 'I feel better' } });
  await press(m['visit.cancel'](), 'form');
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.wordsKept']());
  expect(screen.getByRole('textbox')).toMatchObject({ value: 'I feel better' });
  faster = false;
  await press(m['visit.cancel'](), 'form');
  await expect.poll(() => screen.queryByRole('textbox')).toBeNull();
});
