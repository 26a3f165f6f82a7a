import { ProductError } from '@health-connect/contract';
import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { appointmentOf } from '../appointments/testing/appointment.ts';
import { m } from '../paraglide/messages.js';
import PrepareHarness from './testing/PrepareHarness.svelte';

const startsAt = '2030-01-01T10:00:00.000Z';
const appointment = appointmentOf(startsAt, { door: { state: 'open', opensAt: startsAt } });

it('says why going back into the call by itself failed', async () => {
  render(PrepareHarness, { appointment, refusal: new ProductError('consultation_full') });
  expect(screen.getAllByText(m['prepare.full']()).length).toBeGreaterThan(0);
  await expect.poll(() => screen.getByTestId('told').textContent).toContain(m['prepare.full']());
});
