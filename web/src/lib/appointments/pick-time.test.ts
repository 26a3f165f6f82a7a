import type { Appointment, AppointmentMode, Hold, NextVisit, Slot, TimeSpan } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve, type Asked } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import { doctorPageOf, slotOf } from '../booking/testing/doctor-page.ts';
import { formatLongDate } from '../i18n/calendar-date.ts';
import { m } from '../paraglide/messages.js';
import { accountOf } from '../session/testing/account.ts';
import { Announcer } from '../ui/announcer.svelte.ts';
import { answeredAppointment } from './testing/appointment.ts';
import PickTimeHarness from './testing/PickTimeHarness.svelte';

const DAY_MS = 24 * 60 * 60_000;
const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
const at = (time: string): string => `${tomorrow}T${time}:00.000Z`;
const STARTS_AT = new Date(Date.now() + 7 * DAY_MS).toISOString();

const doctor = doctorPageOf();
const slot = (time: string, modes: AppointmentMode[]): Slot => slotOf(tomorrow, time, modes);
const week = {
  days: [{ date: tomorrow, slots: [slot('10:00', ['video', 'chat']), slot('11:00', ['chat'])], closed: null }],
  firstFreeDate: tomorrow,
};
const hold: Hold = {
  id: 'c'.repeat(24),
  doctorId: doctor.id,
  startsAt: at('10:00'),
  endsAt: at('10:20'),
  expiresAt: new Date(Date.now() + 10 * 60_000).toISOString(),
  extensionsLeft: 10,
};
/** What is answered to who chooses a time. */
let onhold: (asked: Asked) => unknown = () => ({ hold });
/** Whose times they are. */
let doctorPage = doctor;
/** What is answered to who asks for the doctor's times. */
let ontimes: (asked: Asked) => unknown = () => week;
/** When the patient has other appointments, as the doctor is told. */
let busy: TimeSpan[] = [];
/** What the signed-in person has in other doctors' time. */
let own: Appointment[] = [];

/** Those of the seven days that are asked for. */
function busyIn(path: string): TimeSpan[] {
  const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
  const fromMs = Date.parse(`${from}T00:00:00Z`);
  return busy.filter(({ startsAt }) => {
    const ms = Date.parse(startsAt) - fromMs;
    return ms >= 0 && ms < 7 * DAY_MS;
  });
}

/** The picker at a server that has the week, and answers what is sent with this; a time may be in the address. */
function show(what: NextVisit, changes: Partial<Appointment>, sent: (asked: Asked) => unknown, time?: string) {
  const asked = serve((each) => {
    if (each.path.endsWith('/holds') && each.method === 'POST') return onhold(each);
    if (each.method === 'DELETE') return {};
    if (each.method !== 'GET') return sent(each);
    if (each.path.includes('/slots')) return ontimes(each);
    if (each.path.includes('/patient-busy')) return { busy: busyIn(each.path) };
    if (each.path.endsWith('/me')) return { account: accountOf('patient') };
    return each.path.startsWith('/api/doctors') ? { doctor: doctorPage } : { appointments: own };
  });
  const appointment = answeredAppointment(STARTS_AT, { changes: ['cancel'], ...changes });
  const made: Appointment[] = [];
  const given = {
    what,
    hasProposal: false,
    oncancel: () => undefined,
    ondone: (one: Appointment) => made.push(one),
    ...(time === undefined ? {} : { time }),
  };
  const shown: { rerender?: (props: { appointment: Appointment }) => Promise<void> } = {};
  const onovertaken = async (): Promise<void> => shown.rerender?.({ appointment: { ...appointment, version: 9 } });
  const { rerender, unmount } = render(PickTimeHarness, { ...given, appointment, onovertaken });
  shown.rerender = rerender;
  return { asked, made, unmount };
}
const nothing = (): Response => refused('internal');
const button = async (time: string): Promise<HTMLElement> => {
  await expect.poll(() => document.querySelector(`[data-slot="${at(time)}"]`)).not.toBeNull();
  return document.querySelector<HTMLElement>(`[data-slot="${at(time)}"]`) ?? document.body;
};
const send = (words: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(words, { selector: 'form button span' }).closest('button') ?? document.body);

afterEach(() => {
  sessionStorage.clear();
  doctorPage = doctor;
  busy = [];
  own = [];
  onhold = () => ({ hold });
  ontimes = () => week;
  vi.unstubAllGlobals();
});

it('shows a patient where they have another appointment, which is no free time for them', async () => {
  const other = { endsAt: at('10:30'), status: 'pending' as const };
  own = [
    answeredAppointment(at('10:15'), other),
    answeredAppointment(at('11:00'), { endsAt: at('11:20'), status: 'cancelled' }),
  ];
  show('move', { mode: 'chat', myParty: 'patient' }, nothing);
  await expect.poll(async () => (await button('10:00')).textContent).toContain(m['slot.busy']());
  expect((await button('10:00')).getAttribute('aria-disabled')).toBe('true');
  expect((await button('11:00')).getAttribute('aria-disabled')).toBeNull();
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
  ontimes = () => refused('unavailable');
  const { made } = show(
    'move',
    { myParty: 'doctor' },
    () => ({ appointment: answeredAppointment(at('10:00')) }),
    at('10:00'),
  );
  await screen.findByText(/^We keep this time for you until/);
  await send(m['visit.proposeSend']());
  expect((await screen.findByText(m['steady.timesUnread']())).closest('[role="alert"]')).not.toBeNull();
  ontimes = () => week;
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
  ontimes = () => ({ ...week, days: [{ date: tomorrow, slots: [kept], closed: null }] });
  const { asked } = show('follow-up', { myParty: 'doctor', status: 'completed', outcome: 'met' }, nothing, at('10:00'));
  expect(await screen.findByText(/^We keep this time for you until/)).toBeDefined();
  expect(held(asked)).toHaveLength(1);
});

it('says so when somebody was faster, and offers other times of this doctor', async () => {
  const other = { doctorId: doctor.id, doctorName: doctor.name, timeZone: 'UTC', slot: slot('10:00', ['video']) };
  const chat = { ...other, slot: slot('11:00', ['chat']) };
  const colleague = { ...other, doctorId: 'e'.repeat(24), doctorName: 'Dr Okoye' };
  onhold = () => refused('slot_unavailable', [colleague, other, chat]);
  show('move', { myParty: 'patient', mode: 'video' }, nothing);
  await fireEvent.click(await button('10:00'));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain(m['book.taken']());
  expect(alert.querySelectorAll('.free-time')).toHaveLength(1);
  onhold = () => ({ hold });
  await fireEvent.click(alert.querySelector('.free-time') ?? document.body);
  expect(await screen.findByText(/^We keep this time for you until/)).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
});

it.each([
  ['patient', 'true'],
  ['doctor', null],
] as const)('binds a %s to the notice that the doctor wants', async (myParty, disabled) => {
  doctorPage = doctorPageOf({ minimumNoticeMinutes: 3 * 24 * 60 });
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
  onhold = () => refused('change_not_allowed');
  show('move', { myParty: 'patient' }, nothing);
  await fireEvent.click(await button('10:00'));
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.overtakenWords']());
});

it('shows a doctor when the patient is busy before they choose, and reads it with each reading of the times', async () => {
  busy = [{ startsAt: at('09:50'), endsAt: at('10:10') }];
  const { asked } = show('move', { myParty: 'doctor' }, nothing);
  const taken = await button('10:00');
  await expect.poll(() => taken.textContent).toContain(m['slot.patientBusy']());
  await fireEvent.click(taken);
  expect(asked.filter(({ path }) => path.endsWith('/holds'))).toEqual([]);
  const questions = asked.filter(({ path }) => path.includes('/patient-busy'));
  expect(questions).toHaveLength(asked.filter(({ path }) => path.includes('/slots')).length);
  expect(questions[0]?.path).toContain('for=move');
});

it('leads a doctor on from free days on which the patient is busy', async () => {
  const [later, far] = [7, 14].map((days) =>
    new Date(Date.parse(at('00:00')) + days * DAY_MS).toISOString().slice(0, 10),
  );
  const free = [tomorrow, later, far].filter((day) => day !== undefined);
  ontimes = ({ path }) => {
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index) => {
      const date = new Date(Date.parse(`${from}T00:00:00Z`) + index * DAY_MS).toISOString().slice(0, 10);
      return { date, slots: free.includes(date) ? [slotOf(date, '10:00', ['video', 'chat'])] : [], closed: null };
    });
    return { days, firstFreeDate: free.find((date) => date >= from) ?? null };
  };
  busy = [tomorrow, later].map((date) => ({ startsAt: `${date}T09:00:00.000Z`, endsAt: `${date}T11:00:00.000Z` }));
  const { asked } = show('move', { myParty: 'doctor', mode: 'video' }, nothing);
  await expect.poll(() => screen.queryByText(m['slot.noneInWeek']())).not.toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: m['slot.toFirstFree']() }));
  await expect.poll(() => document.querySelector(`[data-slot="${far}T10:00:00.000Z"]`)).not.toBeNull();
  const times = asked.filter(({ path }) => path.includes('/slots'));
  expect(times.every(({ path }) => path.includes('mode=video'))).toBe(true);
  busy = free.map((date) => ({ startsAt: `${date}T09:00:00.000Z`, endsAt: `${date}T11:00:00.000Z` }));
  await fireEvent.click(screen.getByRole('button', { name: m['slot.toFirstFree']() }));
  await screen.findByText(m['slot.noneAtAll']());
});

it('tells of the day it leads to how many times both can choose', async () => {
  const said = vi.spyOn(Announcer.prototype, 'polite');
  const far = new Date(Date.parse(at('00:00')) + 10 * DAY_MS).toISOString().slice(0, 10);
  ontimes = ({ path }) => {
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index) => {
      const date = new Date(Date.parse(`${from}T00:00:00Z`) + index * DAY_MS).toISOString().slice(0, 10);
      const slots = ['10:00', '11:00'].map((time) => slotOf(date, time, ['video']));
      return { date, slots: [tomorrow, far].includes(date) ? slots : [], closed: null };
    });
    return { days, firstFreeDate: from <= tomorrow ? tomorrow : far };
  };
  busy = [
    { startsAt: at('10:00'), endsAt: at('12:00') },
    { startsAt: `${far}T11:00:00.000Z`, endsAt: `${far}T12:00:00.000Z` },
  ];
  show('move', { myParty: 'doctor', mode: 'video' }, nothing);
  await fireEvent.click(await screen.findByRole('button', { name: m['slot.toFirstFree']() }));
  const facts = { date: formatLongDate(far), free: m['slot.dayFree']({ n: 1 }) };
  await expect.poll(() => said.mock.calls.at(-1)).toEqual([m['slot.dayNews'](facts)]);
});

it('asks nothing about the patient for the patient', async () => {
  const { asked } = show('move', { myParty: 'patient' }, nothing);
  await button('10:00');
  expect(asked.filter(({ path }) => path.includes('/patient-busy'))).toEqual([]);
});
