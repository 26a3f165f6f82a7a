import type { Appointment, AppointmentEvent } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import AppointmentsPage from '../../routes/(signed-in)/appointments/+page.svelte';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import Offers from '../booking/Offers.svelte';
import { slotOf } from '../booking/testing/doctor-page.ts';
import { Directory } from '../doctors/directory.svelte.ts';
import DoctorResults from '../doctors/DoctorResults.svelte';
import { listedDoctorOf } from '../doctors/testing/listed-doctor.ts';
import UnsignedList from '../home/UnsignedList.svelte';
import { viewerZone } from '../i18n/format.ts';
import NotificationRow from '../notifications/NotificationRow.svelte';
import { notificationOf } from '../notifications/testing/notification.ts';
import { m } from '../paraglide/messages.js';
import VisitRow from '../patients/VisitRow.svelte';
import { accountOf } from '../session/testing/account.ts';
import { beginAt, pass } from '../testing/late-evening.ts';
import AppointmentActions from './AppointmentActions.svelte';
import AppointmentDetails from './AppointmentDetails.svelte';
import AppointmentFacts from './AppointmentFacts.svelte';
import AppointmentHistory from './AppointmentHistory.svelte';
import LinkedTime from './LinkedTime.svelte';
import { answeredAppointment } from './testing/appointment.ts';
import VisitRecord from './VisitRecord.svelte';

/** Half a minute before midnight where this runs, and a visit of the next morning. */
const LATE = new Date(2090, 4, 5, 23, 59, 30);
const STARTS_AT = new Date(2090, 4, 6, 10).toISOString();
const visit: Appointment = answeredAppointment(STARTS_AT, {
  door: { state: 'early', opensAt: new Date(2090, 4, 6, 9, 30).toISOString() },
});

beginAt(LATE);

const says = (word: string): boolean => screen.queryAllByText(new RegExp(word)).length > 0;

it('an appointment of tomorrow is one of today after midnight', () => {
  const given = { appointment: visit };
  render(WithApp<ComponentProps<typeof AppointmentFacts>>, { component: AppointmentFacts, given });
  expect([says(m['appointment.tomorrow']()), says(m['appointment.today']())]).toEqual([true, false]);
  pass(30_000);
  expect([says(m['appointment.tomorrow']()), says(m['appointment.today']())]).toEqual([false, true]);
});

it('so are those of the list, which is read again, also where that fails', async () => {
  let answers = true;
  const asked = serve(({ path }) => {
    if (path.endsWith('/me')) return { account: accountOf('patient') };
    return answers ? { appointments: [visit] } : refused('unavailable');
  });
  const app = App.create();
  await app.session.load();
  render(WithApp<ComponentProps<typeof AppointmentsPage>>, { app, component: AppointmentsPage, given: {} });
  await expect.poll(() => says(m['appointment.tomorrow']())).toBe(true);
  answers = false;
  const before = asked.length;
  pass(30_000);
  await expect.poll(() => says(m['appointment.today']())).toBe(true);
  expect([says(m['appointment.tomorrow']()), asked.length]).toEqual([false, before + 1]);
});

const days = (): boolean[] => [says(m['appointment.tomorrow']()), says(m['appointment.today']())];
/** The same after other words. */
const daysInside = (): boolean[] => [says(m['appointment.tomorrowInside']()), says(m['appointment.todayInside']())];

it.each([
  ['cancel', m['visit.cancel']],
  ['decline', m['visit.decline']],
] as const)('so does the question whether to %s it', async (change, word) => {
  const given = {
    appointment: { ...visit, changes: [change] },
    hasProposal: false,
    ondeed: () => Promise.resolve(true),
    onpick: () => undefined,
  };
  render(WithApp<ComponentProps<typeof AppointmentActions>>, { component: AppointmentActions, given });
  await fireEvent.click(screen.getByRole('button', { name: word() }));
  expect(daysInside()).toEqual([true, false]);
  pass(30_000);
  expect(daysInside()).toEqual([false, true]);
});

it('so does a free time in the list of doctors', async () => {
  const doctor = listedDoctorOf('Dr Lima', { nextFree: [{ startsAt: STARTS_AT, modes: ['video'] }] });
  serve(() => ({ doctors: [doctor], total: 1, next: null }));
  const directory = Directory.create(App.create().call, viewerZone);
  await directory.show({ sort: 'soonest' });
  render(DoctorResults, { directory, filter: { sort: 'soonest' }, onchange: () => undefined });
  expect(days()).toEqual([true, false]);
  pass(30_000);
  expect(days()).toEqual([false, true]);
});

it('so does what a notification is about', () => {
  const notification = notificationOf('1', { at: new Date(2090, 4, 1, 9).toISOString(), startsAt: STARTS_AT });
  render(NotificationRow, { notification, onfollow: () => undefined });
  expect(daysInside()).toEqual([true, false]);
  pass(30_000);
  expect(daysInside()).toEqual([false, true]);
});

it('so does a time that is offered instead', async () => {
  const ofLater = answeredAppointment(new Date(2090, 4, 20, 10).toISOString());
  const offered: Appointment = { ...visit, id: 'c'.repeat(24), status: 'pending', replacesId: ofLater.id };
  const event = {
    change: 'propose',
    by: 'doctor',
    at: new Date(2090, 4, 1, 9).toISOString(),
    fromStartsAt: null,
    comment: '',
  };
  serve(({ path }) => {
    if (path.endsWith('/me')) return { account: accountOf('patient') };
    if (path.endsWith('/events')) return { events: [event] };
    return path.endsWith(ofLater.id) ? { appointment: ofLater } : { appointments: [offered] };
  });
  const app = App.create();
  await app.session.load();
  const given = { id: ofLater.id, role: 'patient' as const };
  render(WithApp<ComponentProps<typeof AppointmentDetails>>, { app, component: AppointmentDetails, given });
  await expect.poll(daysInside).toEqual([true, false]);
  pass(30_000);
  expect(daysInside()).toEqual([false, true]);
});

it('so does the way to its notes', () => {
  const given = { appointment: { ...visit, myParty: 'doctor' as const }, onchanged: () => undefined };
  render(WithApp<ComponentProps<typeof VisitRecord>>, { component: VisitRecord, given });
  const named = (word: string): boolean => screen.queryByRole('link', { name: new RegExp(word) }) !== null;
  expect([named(m['appointment.tomorrowInside']()), named(m['appointment.todayInside']())]).toEqual([true, false]);
  pass(30_000);
  expect([named(m['appointment.tomorrowInside']()), named(m['appointment.todayInside']())]).toEqual([false, true]);
});

it('so does the time that it was moved to', async () => {
  serve(() => ({ appointment: visit }));
  const given = { label: m['visit.movedTo'](), appointmentId: visit.id };
  render(WithApp<ComponentProps<typeof LinkedTime>>, { component: LinkedTime, given });
  await expect.poll(daysInside).toEqual([true, false]);
  pass(30_000);
  expect(daysInside()).toEqual([false, true]);
});

it('so does a visit in the history of a chart', () => {
  render(WithApp<ComponentProps<typeof VisitRow>>, { component: VisitRow, given: { visit } });
  expect(days()).toEqual([true, false]);
  pass(30_000);
  expect(days()).toEqual([false, true]);
});

it('so does one whose notes are to be signed, which began early', () => {
  const visits = [{ appointmentId: visit.id, patientName: 'Ana', visitStartsAt: STARTS_AT, hasDraft: true }];
  render(UnsignedList, { visits });
  expect(days()).toEqual([true, false]);
  pass(30_000);
  expect(days()).toEqual([false, true]);
});

it('so do the times that are free instead of one that was taken', () => {
  const doctorId = 'd'.repeat(24);
  const offers = [
    {
      doctorId,
      doctorName: 'Dr Lima',
      timeZone: 'Europe/Berlin',
      slot: slotOf('2090-05-06', '10:00', ['video'], { startsAt: STARTS_AT }),
    },
  ];
  render(Offers, {
    refusal: { text: 'taken', offers, timeIsGone: true },
    doctorId,
    zone: viewerZone(),
    onchoose: () => undefined,
  });
  expect(days()).toEqual([true, false]);
  pass(30_000);
  expect(days()).toEqual([false, true]);
});

it('what happened today was not done today any more', () => {
  const at = LATE.toISOString();
  const events: AppointmentEvent[] = [{ change: 'request', by: 'patient', at, fromStartsAt: null, comment: '' }];
  render(AppointmentHistory, { props: { appointment: visit, events } });
  expect(days()).toEqual([false, true]);
  pass(30_000);
  expect(days()).toEqual([false, false]);
});
