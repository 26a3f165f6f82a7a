import type { DoctorPage } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import BookingForm from './BookingForm.svelte';
import { newVisit } from './flows.ts';

const doctor: DoctorPage = {
  id: 'd'.repeat(24),
  name: 'Dr Lima',
  avatarId: null,
  specialization: 'Skin',
  qualification: '',
  experienceYears: null,
  languages: [],
  modes: ['video', 'chat'],
  timeZone: 'UTC',
  rating: { average: null, count: 0 },
  about: '',
  confirmsAtOnce: false,
  minimumNoticeMinutes: 60,
  furthestDays: 60,
};

afterEach(() => sessionStorage.clear());

function show(): void {
  const app = App.create();
  const given = {
    doctor,
    flow: newVisit(app.call, doctor.id),
    slot: undefined,
    find: () => Promise.resolve(undefined),
    accountId: 'a'.repeat(24),
    onbooked: () => undefined,
  };
  render(WithApp<ComponentProps<typeof BookingForm>>, { app, component: BookingForm, given });
}
const chat = (): HTMLElement => screen.getByRole('radio', { name: m['appointment.chat']() });

it('keeps the way of meeting through a reload, with the words', async () => {
  show();
  expect(chat()).toHaveProperty('checked', false);
  await fireEvent.click(chat());
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'It itches' } });
  cleanup();
  show();
  expect(chat()).toHaveProperty('checked', true);
  expect(screen.getByRole('textbox')).toHaveProperty('value', 'It itches');
});
