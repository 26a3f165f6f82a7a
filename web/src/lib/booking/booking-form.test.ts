import type { Appointment, Slot } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve, type Asked } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { answeredAppointment } from '../appointments/testing/appointment.ts';
import { m } from '../paraglide/messages.js';
import BookingForm from './BookingForm.svelte';
import { newVisit } from './flows.ts';
import { doctorPageOf, slotOf } from './testing/doctor-page.ts';

const DATE = '2098-05-06';
const doctor = doctorPageOf();

afterEach(() => {
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

interface Shown {
  /** The chosen slot; none is chosen without it. */
  readonly slot?: Slot;
  /** It is none any more when it is sent. */
  readonly isGone?: boolean;
}

/** The form of somebody at a server that answers what is sent with this. */
async function show({ slot, isGone }: Shown = {}, sent: (asked: Asked) => unknown = () => refused('internal')) {
  const asked = serve(sent);
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('a'.repeat(24));
  const flow = newVisit(app.call, doctor.id);
  if (slot !== undefined) await flow.choose(slot.startsAt, false);
  const booked: Appointment[] = [];
  const given = {
    doctor,
    flow,
    slot,
    find: () => Promise.resolve(isGone === true ? undefined : slot),
    accountId: 'a'.repeat(24),
    onbooked: (appointment: Appointment) => void booked.push(appointment),
  };
  render(WithApp<ComponentProps<typeof BookingForm>>, { app, component: BookingForm, given });
  return { asked, booked };
}
const chat = (): HTMLElement => screen.getByRole('radio', { name: m['appointment.chat']() });
const write = (words: string): Promise<boolean> =>
  fireEvent.input(screen.getByRole('textbox'), { target: { value: words } });
const send = (): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: m['book.ask']() }));
const made = (): unknown => ({ appointment: answeredAppointment(`${DATE}T10:00:00.000Z`) });

it('keeps the way of meeting through a reload, with the words', async () => {
  await show();
  expect(chat()).toHaveProperty('checked', false);
  await fireEvent.click(chat());
  await write('It itches');
  cleanup();
  await show();
  expect(chat()).toHaveProperty('checked', true);
  expect(screen.getByRole('textbox')).toHaveProperty('value', 'It itches');
});

it('sends what was typed and chosen, and keeps nothing of it once it is booked', async () => {
  const slot = slotOf(DATE, '10:00', ['video', 'chat']);
  const { asked, booked } = await show({ slot }, made);
  await fireEvent.click(chat());
  await write(' It itches \n');
  await send();
  await expect.poll(() => booked.length).toBe(1);
  expect(asked.map(({ body }) => body)).toMatchObject([
    { doctorId: doctor.id, startsAt: slot.startsAt, mode: 'chat', reason: 'It itches' },
  ]);
  cleanup();
  await show();
  expect([chat(), screen.getByRole('textbox')]).toMatchObject([{ checked: false }, { value: '' }]);
});

it('asks for the one way of meeting that a time has, whatever was wanted, and forgets no wish', async () => {
  await show();
  await fireEvent.click(chat());
  cleanup();
  const { asked, booked } = await show({ slot: slotOf(DATE, '10:00', ['video']) }, made);
  expect(screen.queryAllByRole('radio')).toEqual([]);
  expect(screen.getByText(m['appointment.video']())).toBeTruthy();
  await send();
  await expect.poll(() => booked.length).toBe(1);
  expect(asked.map(({ body }) => body)).toMatchObject([{ mode: 'video' }]);
});

it('keeps what was typed where it could not be booked, and says why', async () => {
  const slot = slotOf(DATE, '10:00', ['video']);
  const { booked } = await show({ slot }, () => refused('unavailable'));
  await write('It itches');
  await send();
  expect((await screen.findByRole('alert')).textContent).toContain(m['net.serverDown']());
  cleanup();
  await show({ slot });
  expect([booked.length, screen.getByRole('textbox')]).toMatchObject([0, { value: 'It itches' }]);
});

it('sends nothing without a time, nor for one that is gone', async () => {
  const { asked } = await show();
  await send();
  expect(screen.getAllByText(m['book.chooseFirst']()).length).toBeGreaterThan(0);
  cleanup();
  const slot = slotOf(DATE, '10:00', ['video']);
  const gone = await show({ slot, isGone: true }, made);
  await send();
  await screen.findByRole('button', { name: m['book.ask']() });
  expect([asked, gone.asked, gone.booked, screen.queryByRole('alert')]).toEqual([[], [], [], null]);
});
