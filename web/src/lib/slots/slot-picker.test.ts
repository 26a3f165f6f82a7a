import type { Slot, SlotDay, SlotState } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { slotOf } from '../booking/testing/doctor-page.ts';
import { addDays, formatLongDate } from '../i18n/calendar-date.ts';
import { m } from '../paraglide/messages.js';
import { SlotBoard } from './slot-board.svelte.ts';
import SlotPicker from './SlotPicker.svelte';

const TODAY = '2098-05-05';
const [FIRST, SECOND] = [addDays(TODAY, 1), addDays(TODAY, 2)];
const at = (date: string): string => `${date}T10:00:00.000Z`;
const slotOn = (date: string, state: SlotState): Slot => slotOf(date, '10:00', ['video'], { state });
const shownDay = (): string | undefined =>
  screen
    .getAllByRole('radio')
    .find((day) => day instanceof HTMLInputElement && day.checked)
    ?.getAttribute('value') ?? undefined;

beforeEach(() => {
  // A phone.
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: false }));
  vi.useFakeTimers({ now: Date.parse(`${TODAY}T08:00:00Z`), shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The picker of a doctor who has a time on the first and on the second day after today. */
async function show(chosen?: string) {
  const states: Record<string, SlotState> = { [FIRST]: 'free', [SECOND]: 'free' };
  let answers = true;
  serve(({ path }) => {
    if (!answers) return new Response('', { status: 503 });
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index): SlotDay => {
      const date = addDays(from, index);
      const state = states[date];
      return { date, slots: state === undefined ? [] : [slotOn(date, state)], closed: null };
    });
    return { days, firstFreeDate: FIRST };
  });
  const app = App.create();
  const now = (): number => Date.now();
  const board = SlotBoard.create({ call: app.call, doctorId: 'd'.repeat(24), zone: 'UTC', now });
  const given = {
    board,
    doctor: { name: 'Dr Lima', timeZone: 'UTC', modes: ['video'] },
    noticeMinutes: 60,
    onchoose: () => undefined,
    ...(chosen === undefined ? {} : { chosen }),
  };
  const { rerender } = render(WithApp<ComponentProps<typeof SlotPicker>>, { app, component: SlotPicker, given });
  await board.open(false);
  await screen.findAllByRole('radio');
  await tick();
  return {
    app,
    board,
    choose: (startsAt: string | undefined) =>
      rerender({ app, component: SlotPicker, given: { ...given, chosen: startsAt } }),
    take: async (date: string) => {
      states[date] = 'taken';
      await board.refresh();
      await tick();
    },
    cutOff: () => (answers = false),
  };
}

it('stays at the day that is looked at when its last free time is taken', async () => {
  const { take } = await show();
  expect(shownDay()).toBe(FIRST);
  await take(FIRST);
  expect(shownDay()).toBe(FIRST);
  expect(screen.getByText(m['slot.taken']())).toBeTruthy();
});

it('stays at the day of a chosen time that turns out to be taken', async () => {
  const { choose, take } = await show();
  await fireEvent.click(
    screen.getAllByRole('radio').find((day) => day.getAttribute('value') === SECOND) ?? document.body,
  );
  await fireEvent.click(screen.getByText(m['slot.free']()).closest('button') ?? document.body);
  await choose(at(SECOND));
  await take(SECOND);
  await choose(undefined);
  expect(shownDay()).toBe(SECOND);
  expect(screen.getByText(m['slot.taken']())).toBeTruthy();
});

it('goes to the day of a time that is chosen elsewhere', async () => {
  const { choose } = await show();
  await choose(at(SECOND));
  expect(shownDay()).toBe(SECOND);
});

it('goes on to the next day at midnight, with the day that is looked at', async () => {
  const { board } = await show();
  const shownDates = () => screen.getAllByRole('radio').map((day) => day.getAttribute('value'));
  expect([shownDates()[0], shownDay()]).toEqual([TODAY, FIRST]);
  vi.setSystemTime(Date.parse(`${FIRST}T00:00:01Z`));
  await vi.advanceTimersByTimeAsync(20_000);
  await expect.poll(() => shownDates()[0]).toBe(FIRST);
  expect([board.from, shownDay(), shownDates().length]).toEqual([FIRST, FIRST, 7]);
  expect(screen.getByText(m['slot.free']())).toBeTruthy();
});

it('says how many times a week has only once it is known', async () => {
  const { app, board, cutOff } = await show();
  const said = vi.spyOn(app.announcer, 'polite');
  const next = (): HTMLElement => screen.getByRole('button', { name: m['slot.nextWeek']() });
  void fireEvent.click(next());
  await fireEvent.click(next());
  await expect.poll(() => said.mock.calls.length).toBe(1);
  const date = formatLongDate(board.from);
  expect(said.mock.calls).toEqual([[m['slot.weekNews']({ date, free: m['slot.freeTimes']({ n: 0 }) })]]);
  cutOff();
  await fireEvent.click(next());
  await expect.poll(() => board.problem).toBeDefined();
  expect(said).toHaveBeenCalledOnce();
});
