import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { slotOf } from '../booking/testing/doctor-page.ts';
import { formatLongDate } from '../i18n/calendar-date.ts';
import { m } from '../paraglide/messages.js';
import { Announcer } from '../ui/announcer.svelte.ts';
import { DAY_MS, answers, at, button, nothing, show, tomorrow } from './testing/pick-time.ts';

afterEach(() => {
  sessionStorage.clear();
  answers.reset();
  vi.unstubAllGlobals();
});

it('shows a doctor when the patient is busy before they choose, and reads it with each reading of the times', async () => {
  answers.busy = [{ startsAt: at('09:50'), endsAt: at('10:10') }];
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
  answers.ontimes = ({ path }) => {
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index) => {
      const date = new Date(Date.parse(`${from}T00:00:00Z`) + index * DAY_MS).toISOString().slice(0, 10);
      return { date, slots: free.includes(date) ? [slotOf(date, '10:00', ['video', 'chat'])] : [], closed: null };
    });
    return { days, firstFreeDate: free.find((date) => date >= from) ?? null };
  };
  answers.busy = [tomorrow, later].map((date) => ({
    startsAt: `${date}T09:00:00.000Z`,
    endsAt: `${date}T11:00:00.000Z`,
  }));
  const { asked } = show('move', { myParty: 'doctor', mode: 'video' }, nothing);
  await expect.poll(() => screen.queryByText(m['slot.noneInWeek']())).not.toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: m['slot.toFirstFree']() }));
  await expect.poll(() => document.querySelector(`[data-slot="${far}T10:00:00.000Z"]`)).not.toBeNull();
  const times = asked.filter(({ path }) => path.includes('/slots'));
  expect(times.every(({ path }) => path.includes('mode=video'))).toBe(true);
  answers.busy = free.map((date) => ({ startsAt: `${date}T09:00:00.000Z`, endsAt: `${date}T11:00:00.000Z` }));
  await fireEvent.click(screen.getByRole('button', { name: m['slot.toFirstFree']() }));
  await screen.findByText(m['slot.noneAtAll']());
});

it('tells of the day it leads to how many times both can choose', async () => {
  const said = vi.spyOn(Announcer.prototype, 'polite');
  const far = new Date(Date.parse(at('00:00')) + 10 * DAY_MS).toISOString().slice(0, 10);
  answers.ontimes = ({ path }) => {
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index) => {
      const date = new Date(Date.parse(`${from}T00:00:00Z`) + index * DAY_MS).toISOString().slice(0, 10);
      const slots = ['10:00', '11:00'].map((time) => slotOf(date, time, ['video']));
      return { date, slots: [tomorrow, far].includes(date) ? slots : [], closed: null };
    });
    return { days, firstFreeDate: from <= tomorrow ? tomorrow : far };
  };
  answers.busy = [
    { startsAt: at('10:00'), endsAt: at('12:00') },
    { startsAt: `${far}T11:00:00.000Z`, endsAt: `${far}T12:00:00.000Z` },
  ];
  show('move', { myParty: 'doctor', mode: 'video' }, nothing);
  await fireEvent.click(await screen.findByRole('button', { name: m['slot.toFirstFree']() }));
  const facts = { date: formatLongDate(far), free: m['slot.dayFree']({ n: 1 }) };
  await expect.poll(() => said.mock.calls.at(-1)).toEqual([m['slot.dayNews'](facts)]);
});

it('tells of a week and of a day how much is free only once it is known when the patient is busy', async () => {
  const said = vi.spyOn(Announcer.prototype, 'polite');
  const dayIn = (days: number): string => new Date(Date.parse(at('00:00')) + days * DAY_MS).toISOString().slice(0, 10);
  const free = [tomorrow, dayIn(7), dayIn(14)];
  answers.ontimes = ({ path }) => {
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index) => {
      const date = new Date(Date.parse(`${from}T00:00:00Z`) + index * DAY_MS).toISOString().slice(0, 10);
      const slots = ['10:00', '11:00'].map((time) => slotOf(date, time, ['video']));
      return { date, slots: free.includes(date) ? slots : [], closed: null };
    });
    return { days, firstFreeDate: tomorrow };
  };
  answers.busy = free.map((date) => ({ startsAt: `${date}T11:00:00.000Z`, endsAt: `${date}T12:00:00.000Z` }));
  show('move', { myParty: 'doctor', mode: 'video' }, nothing);
  await fireEvent.click(await screen.findByRole('button', { name: m['slot.nextWeek']() }));
  const week = { date: formatLongDate(dayIn(6)), free: m['slot.freeTimes']({ n: 1 }) };
  await expect.poll(() => said.mock.calls).toEqual([[m['slot.weekNews'](week)]]);
  await fireEvent.change(screen.getByLabelText(m['slot.goToDay']()), { target: { value: dayIn(14) } });
  const day = { date: formatLongDate(dayIn(14)), free: m['slot.dayFree']({ n: 1 }) };
  await expect.poll(() => said.mock.calls.slice(1)).toEqual([[m['slot.dayNews'](day)]]);
});

it('asks nothing about the patient for the patient', async () => {
  const { asked } = show('move', { myParty: 'patient' }, nothing);
  await button('10:00');
  expect(asked.filter(({ path }) => path.includes('/patient-busy'))).toEqual([]);
});
