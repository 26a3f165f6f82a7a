import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, type Asked } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import { doctorPageOf, slotOf } from '../booking/testing/doctor-page.ts';
import { m } from '../paraglide/messages.js';
import { answeredAppointment } from './testing/appointment.ts';
import {
  STARTS_AT,
  answers,
  at,
  button,
  doctor,
  hold,
  nothing,
  send,
  show,
  slot,
  tomorrow,
  week,
} from './testing/pick-time.ts';

afterEach(() => {
  sessionStorage.clear();
  answers.reset();
  vi.unstubAllGlobals();
});

it('shows a patient where they have another appointment, which is no free time for them', async () => {
  const other = { id: 'e'.repeat(24), endsAt: at('10:30'), status: 'pending' as const };
  answers.own = [
    answeredAppointment(at('10:15'), other),
    answeredAppointment(at('11:00'), { endsAt: at('11:20'), status: 'cancelled' }),
  ];
  show('move', { mode: 'chat', myParty: 'patient' }, nothing);
  await expect.poll(async () => (await button('10:00')).textContent).toContain(m['slot.busy']());
  expect((await button('10:00')).getAttribute('aria-disabled')).toBe('true');
  expect((await button('11:00')).getAttribute('aria-disabled')).toBeNull();
});

it('lets an appointment move to times that overlap with its own: nobody else has them', async () => {
  const own = { id: 'a'.repeat(24), endsAt: at('10:30'), status: 'scheduled' as const };
  answers.own = [answeredAppointment(at('09:30'), own)];
  const { asked } = show('move', { myParty: 'patient', id: own.id }, nothing);
  await expect.poll(() => asked.some(({ path }) => path.endsWith('/appointments/patient'))).toBe(true);
  const slots = asked.filter(({ path }) => path.includes('/slots'));
  expect(slots.map(({ path }) => new URL(path, 'https://clinic.org').searchParams.get('moves'))).toEqual(
    slots.map(() => own.id),
  );
  expect((await button('10:00')).textContent).not.toContain(m['slot.busy']());
});

it('takes the times of the doctor as they are for a follow-up', async () => {
  const { asked } = show('follow-up', { status: 'completed', outcome: 'met', myParty: 'doctor' }, nothing);
  await button('10:00');
  expect(asked.filter(({ path }) => path.includes('moves='))).toEqual([]);
});

it('lets an appointment move only to times with its own way of meeting', async () => {
  show('move', { mode: 'video', myParty: 'patient' }, nothing);
  expect((await button('11:00')).textContent).toContain(m['slot.onlyChat']());
  expect((await button('11:00')).getAttribute('aria-disabled')).toBe('true');
  expect((await button('10:00')).getAttribute('aria-disabled')).toBeNull();
});

it('shows for a follow-up the times that fit the way of meeting that was chosen', async () => {
  show('follow-up', { mode: 'video', myParty: 'doctor', status: 'completed', outcome: 'met' }, nothing);
  expect((await button('11:00')).getAttribute('aria-disabled')).toBe('true');
  await fireEvent.click(screen.getByLabelText(m['appointment.chat']()));
  expect((await button('11:00')).getAttribute('aria-disabled')).toBeNull();
});

it('keeps the comment where somebody was faster, and sends it for how things are now', async () => {
  let conflicts = 1;
  const { asked, made } = show('move', { myParty: 'doctor' }, () =>
    conflicts-- > 0 ? refused('version_conflict') : { appointment: answeredAppointment(at('10:00')) },
  );
  await fireEvent.click(await button('10:00'));
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'I am in surgery then' } });
  await send(m['visit.proposeSend']());
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.overtakenWords']());
  expect(screen.getByRole('textbox')).toMatchObject({ value: 'I am in surgery then' });
  await send(m['visit.proposeSend']());
  await expect.poll(() => made.length).toBe(1);
  const sent = asked.filter(({ path }) => path.endsWith('/proposals')).map(({ body }) => body);
  expect(sent).toMatchObject([
    { version: 0, comment: 'I am in surgery then' },
    { version: 9, comment: 'I am in surgery then' },
  ]);
});

it('says that the times could not be read, and reads them again when it is sent', async () => {
  answers.ontimes = () => refused('unavailable');
  const { made } = show(
    'move',
    { myParty: 'doctor' },
    () => ({ appointment: answeredAppointment(at('10:00')) }),
    at('10:00'),
  );
  await screen.findByText(/^We keep this time for you until/);
  await send(m['visit.proposeSend']());
  expect((await screen.findByText(m['steady.timesUnread']())).closest('[role="alert"]')).not.toBeNull();
  answers.ontimes = () => week;
  await send(m['visit.proposeSend']());
  await expect.poll(() => made.length).toBe(1);
});

it('tells a doctor that it is the patient who has another appointment', async () => {
  show('follow-up', { myParty: 'doctor', status: 'completed', outcome: 'met' }, () => refused('patient_busy'));
  await fireEvent.click(await button('10:00'));
  await send(m['visit.followUpSend']());
  expect((await screen.findByRole('alert')).textContent).toContain(m['book.patientBusy']());
});

const held = (asked: readonly Asked[]): unknown[] =>
  asked
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/holds'))
    .map(({ path, body }) => ({ path, body }));
const givenBack = (asked: readonly Asked[]): number => asked.filter(({ method }) => method === 'DELETE').length;

it.each([
  ['move', { myParty: 'patient' }],
  ['move', { myParty: 'doctor' }],
  ['follow-up', { myParty: 'doctor', status: 'completed', outcome: 'met' }],
] as const)(
  'keeps a time that is chosen for a %s, says until when, and gives it back on leaving',
  async (what, changes) => {
    const { asked, unmount } = show(what, changes, nothing);
    await fireEvent.click(await button('10:00'));
    expect(await screen.findByText(/^We keep this time for you until/)).toBeDefined();
    const path = `/api/appointments/${answeredAppointment(STARTS_AT).id}/holds`;
    expect(held(asked)).toEqual([{ path, body: { for: what, startsAt: at('10:00') } }]);
    expect((await button('10:00')).className).toContain('held');
    expect(givenBack(asked)).toBe(0);
    unmount();
    await expect.poll(() => givenBack(asked)).toBe(1);
  },
);

it('says when a chosen time is in the own zone, where it is looked at in another one', async () => {
  const text = (): HTMLElement | null => screen.queryByText(/^In your own time zone/);
  const { unmount } = show('move', { myParty: 'patient' }, nothing);
  await fireEvent.click(await button('10:00'));
  await screen.findByText(/^We keep this time for you until/);
  expect(text()).toBeNull();
  unmount();
  const other = App.create().shownZone;
  other.choose('Pacific/Kiritimati');
  show('move', { myParty: 'patient' }, nothing);
  await fireEvent.click(await button('10:00'));
  await expect.poll(text).not.toBeNull();
  other.back();
});

it('gives a kept time back when the page is left, and keeps it again when the page comes back', async () => {
  const { asked } = show('move', { myParty: 'doctor' }, nothing);
  await fireEvent.click(await button('10:00'));
  await screen.findByText(/^We keep this time for you until/);
  await fireEvent(window, new Event('pagehide'));
  await expect.poll(() => givenBack(asked)).toBe(1);
  await fireEvent(window, Object.assign(new Event('pageshow'), { persisted: true }));
  await expect.poll(() => held(asked).length).toBe(2);
});

it('gives a kept time back neither when it is booked nor twice', async () => {
  const { asked, made, unmount } = show('move', { myParty: 'doctor' }, () => ({
    appointment: answeredAppointment(at('10:00')),
  }));
  await fireEvent.click(await button('10:00'));
  await screen.findByText(/^We keep this time for you until/);
  await send(m['visit.proposeSend']());
  await expect.poll(() => made.length).toBe(1);
  unmount();
  expect(givenBack(asked)).toBe(0);
});

it('keeps the time of the address at once', async () => {
  const kept = slotOf(tomorrow, '10:00', ['video'], { state: 'held' });
  answers.ontimes = () => ({ ...week, days: [{ date: tomorrow, slots: [kept], closed: null }] });
  const { asked } = show('follow-up', { myParty: 'doctor', status: 'completed', outcome: 'met' }, nothing, at('10:00'));
  expect(await screen.findByText(/^We keep this time for you until/)).toBeDefined();
  expect(held(asked)).toHaveLength(1);
});

it('says so when somebody was faster, and offers other times of this doctor', async () => {
  const other = { doctorId: doctor.id, doctorName: doctor.name, timeZone: 'UTC', slot: slot('10:00', ['video']) };
  const chat = { ...other, slot: slot('11:00', ['chat']) };
  const colleague = { ...other, doctorId: 'e'.repeat(24), doctorName: 'Dr Okoye' };
  answers.onhold = () => refused('slot_unavailable', [colleague, other, chat]);
  show('move', { myParty: 'patient', mode: 'video' }, nothing);
  await fireEvent.click(await button('10:00'));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain(m['book.taken']());
  expect(alert.querySelectorAll('.free-time')).toHaveLength(1);
  answers.onhold = () => ({ hold });
  await fireEvent.click(alert.querySelector('.free-time') ?? document.body);
  expect(await screen.findByText(/^We keep this time for you until/)).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
});

it.each([
  ['patient', 'true'],
  ['doctor', null],
] as const)('binds a %s to the notice that the doctor wants', async (myParty, disabled) => {
  answers.doctorPage = doctorPageOf({ minimumNoticeMinutes: 3 * 24 * 60 });
  show('move', { myParty, mode: 'chat' }, nothing);
  expect((await button('10:00')).getAttribute('aria-disabled')).toBe(disabled);
});

it('gives a time up where another way of meeting is chosen that it does not have', async () => {
  const { asked } = show(
    'follow-up',
    { mode: 'chat', myParty: 'doctor', status: 'completed', outcome: 'met' },
    nothing,
  );
  await fireEvent.click(await button('11:00'));
  await screen.findByText(/^We keep this time for you until/);
  await fireEvent.click(screen.getByLabelText(m['appointment.video']()));
  await expect.poll(() => givenBack(asked)).toBe(1);
  expect(screen.queryByText(/^We keep this time for you until/)).toBeNull();
});

it.each([
  ['outlives a reload', false, 'I am in surgery then'],
  ['is forgotten once it is sent', true, ''],
])('what was typed %s', async (_what, isSent, kept) => {
  const { made, unmount } = show('move', { myParty: 'doctor' }, () => ({
    appointment: answeredAppointment(at('10:00')),
  }));
  await fireEvent.click(await button('10:00'));
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'I am in surgery then' } });
  if (isSent) {
    await send(m['visit.proposeSend']());
    await expect.poll(() => made.length).toBe(1);
  }
  unmount();
  show('move', { myParty: 'doctor' }, nothing);
  expect(await screen.findByRole('textbox')).toMatchObject({ value: kept });
});

it('of an address that was kept from before says how things are, where nothing can be chosen any more', async () => {
  const { asked } = show('move', { myParty: 'patient', status: 'completed', changes: [] }, nothing);
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.overtakenWords']());
  expect([document.querySelector('form'), held(asked)]).toEqual([null, []]);
});

it('says how things are where the appointment was changed before a time was chosen', async () => {
  answers.onhold = () => refused('change_not_allowed');
  show('move', { myParty: 'patient' }, nothing);
  await fireEvent.click(await button('10:00'));
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.overtakenWords']());
});
