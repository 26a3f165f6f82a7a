import { cleanup, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import LinkedTime from './LinkedTime.svelte';
import { answeredAppointment } from './testing/appointment.ts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const SUCCESSOR = 'f'.repeat(24);

/** Whether the time before is struck out on the page of another one, as it is told there. */
async function isStruck(movedToId: string | null, instead?: string): Promise<boolean> {
  serve(() => ({ appointment: answeredAppointment('2090-05-06T10:00:00.000Z', { movedToId }) }));
  const given = { label: 'Instead of', appointmentId: 'a'.repeat(24), instead };
  const { unmount } = render(WithApp<ComponentProps<typeof LinkedTime>>, { component: LinkedTime, given });
  await screen.findByText(/10|2090|May/, { selector: 'a, a s' });
  const struck = document.querySelector('a s') !== null;
  unmount();
  return struck;
}

it('the time before is struck out where the appointment moved', async () => {
  expect(await isStruck(SUCCESSOR, SUCCESSOR)).toBe(true);
});

it('the time that still stands is not: the other one was declined, taken back, or is not answered', async () => {
  expect(await isStruck(null, SUCCESSOR)).toBe(false);
  expect(await isStruck('e'.repeat(24), SUCCESSOR)).toBe(false);
  expect(await isStruck(SUCCESSOR)).toBe(false);
});

it('the time before is struck out as soon as both agree to the other one', async () => {
  const server = { movedToId: null as string | null };
  serve(() => ({ appointment: answeredAppointment('2090-05-06T10:00:00.000Z', { movedToId: server.movedToId }) }));
  const given = { label: 'Instead of', appointmentId: 'a'.repeat(24) };
  const app = App.create();
  const { rerender } = render(WithApp<ComponentProps<typeof LinkedTime>>, { component: LinkedTime, given, app });
  await screen.findByText(/10/, { selector: 'a' });
  server.movedToId = SUCCESSOR;
  await rerender({ given: { ...given, instead: SUCCESSOR } });
  await expect.poll(() => document.querySelector('a s')).not.toBeNull();
});
