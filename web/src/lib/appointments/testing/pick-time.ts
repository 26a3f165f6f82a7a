import type { Appointment, AppointmentMode, Hold, NextVisit, Slot, TimeSpan } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect } from 'vitest';
import { refused, serve, type Asked } from '../../api/testing/server.ts';
import { doctorPageOf, slotOf } from '../../booking/testing/doctor-page.ts';
import { accountOf } from '../../session/testing/account.ts';
import { answeredAppointment } from './appointment.ts';
import PickTimeHarness from './PickTimeHarness.svelte';

export const DAY_MS = 24 * 60 * 60_000;
export const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
export const at = (time: string): string => `${tomorrow}T${time}:00.000Z`;
export const STARTS_AT = new Date(Date.now() + 7 * DAY_MS).toISOString();

export const doctor = doctorPageOf();
export const slot = (time: string, modes: AppointmentMode[]): Slot => slotOf(tomorrow, time, modes);
export const week = {
  days: [{ date: tomorrow, slots: [slot('10:00', ['video', 'chat']), slot('11:00', ['chat'])], closed: null }],
  firstFreeDate: tomorrow,
};
export const hold: Hold = {
  id: 'c'.repeat(24),
  doctorId: doctor.id,
  startsAt: at('10:00'),
  endsAt: at('10:20'),
  expiresAt: new Date(Date.now() + 10 * 60_000).toISOString(),
  extensionsLeft: 10,
};
/** What the server answers in a test; as at first again after `answers.reset()`. */
export const answers = {
  /** To who chooses a time. */
  onhold: (_asked: Asked): unknown => ({ hold }),
  /** Whose times they are. */
  doctorPage: doctor,
  /** To who asks for the doctor's times. */
  ontimes: (_asked: Asked): unknown => week,
  /** When the patient has other appointments, as the doctor is told. */
  busy: new Array<TimeSpan>(),
  /** What the signed-in person has in other doctors' time. */
  own: new Array<Appointment>(),
  reset(): void {
    this.onhold = () => ({ hold });
    this.doctorPage = doctor;
    this.ontimes = () => week;
    this.busy = [];
    this.own = [];
  },
};

/** Those of the seven days that are asked for. */
function busyIn(path: string): TimeSpan[] {
  const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
  const fromMs = Date.parse(`${from}T00:00:00Z`);
  return answers.busy.filter(({ startsAt }) => {
    const ms = Date.parse(startsAt) - fromMs;
    return ms >= 0 && ms < 7 * DAY_MS;
  });
}

/** The picker at a server that has the week, and answers what is sent with this; a time may be in the address. */
export function show(what: NextVisit, changes: Partial<Appointment>, sent: (asked: Asked) => unknown, time?: string) {
  const asked = serve((each) => {
    if (each.path.endsWith('/holds') && each.method === 'POST') return answers.onhold(each);
    if (each.method === 'DELETE') return {};
    if (each.method !== 'GET') return sent(each);
    if (each.path.includes('/slots')) return answers.ontimes(each);
    if (each.path.includes('/patient-busy')) return { busy: busyIn(each.path) };
    if (each.path.endsWith('/me')) return { account: accountOf('patient') };
    return each.path.startsWith('/api/doctors') ? { doctor: answers.doctorPage } : { appointments: answers.own };
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
export const nothing = (): Response => refused('internal');
export const button = async (time: string): Promise<HTMLElement> => {
  await expect.poll(() => document.querySelector(`[data-slot="${at(time)}"]`)).not.toBeNull();
  return document.querySelector<HTMLElement>(`[data-slot="${at(time)}"]`) ?? document.body;
};
export const send = (words: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(words, { selector: 'form button span' }).closest('button') ?? document.body);
