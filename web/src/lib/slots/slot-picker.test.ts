import type { Slot, SlotDay, SlotState } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { slotOf } from '../booking/testing/doctor-page.ts';
import { addDays, formatLongDate, formatShortDate } from '../i18n/calendar-date.ts';
import { cityOf, viewerZone } from '../i18n/format.ts';
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
  sessionStorage.clear();
});

/** The picker of a doctor who has a time on the first and on the second day after today. */
async function show(chosen?: string, furthestDays = 90) {
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
  const board = SlotBoard.create({ call: app.call, doctorId: 'd'.repeat(24), zone: 'UTC' });
  const given = {
    board,
    doctor: { name: 'Dr Lima', timeZone: 'UTC', modes: ['video' as const], furthestDays },
    noticeMinutes: 60,
    onchoose: () => undefined,
    ...(chosen === undefined ? {} : { chosen }),
  };
  // The picker begins in the zone in which the person looks.
  if (viewerZone() !== 'UTC') app.shownZone.choose('UTC');
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
    reconnect: () => (answers = true),
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

const button = (name: string): HTMLElement => screen.getByRole('button', { name });
const dayField = (): HTMLInputElement => {
  const field = screen.getByLabelText(m['slot.goToDay']());
  if (!(field instanceof HTMLInputElement)) throw new Error('No field');
  return field;
};
const typeDay = (value: string): Promise<unknown> => fireEvent.change(dayField(), { target: { value } });

it('goes to a day that is typed or picked, and says what it has', async () => {
  const { app, board } = await show();
  const said = vi.spyOn(app.announcer, 'polite');
  expect([dayField().min, dayField().max]).toEqual([TODAY, addDays(TODAY, 89)]);
  const far = addDays(TODAY, 40);
  await typeDay(far);
  await expect.poll(() => said.mock.calls.length).toBe(1);
  expect(said.mock.calls[0]).toEqual([m['slot.dayNews']({ date: formatLongDate(far), free: m['slot.dayClosed']() })]);
  expect([board.from, shownDay(), dayField().value]).toEqual([addDays(TODAY, 35), far, far]);
});

it('leaves a day alone that cannot be booked, and says which ones can once the field is left', async () => {
  const { board } = await show();
  await typeDay('0002-05-09');
  expect([board.from, screen.queryByText(/Choose a day/)]).toEqual([TODAY, null]);
  await fireEvent.blur(dayField());
  const [first, last] = [formatShortDate(TODAY), formatShortDate(addDays(TODAY, 89))];
  expect(screen.getByText(m['slot.dayOutside']({ first, last }))).toBeTruthy();
  expect(dayField().getAttribute('aria-invalid')).toBe('true');
});

it('forgets a day that cannot be booked once another way leads to a day', async () => {
  const { app } = await show();
  const said = vi.spyOn(app.announcer, 'polite');
  const cleared = (): [string | null, string] => [dayField().getAttribute('aria-invalid'), dayField().value];
  const typeOutside = async (): Promise<void> => {
    await typeDay('2098-01-01');
    await fireEvent.blur(dayField());
    expect(dayField().getAttribute('aria-invalid')).toBe('true');
  };
  await typeOutside();
  // The day that is looked at already.
  await fireEvent.click(button(m['slot.toFirstFree']()));
  await expect.poll(() => said.mock.calls.length).toBe(1);
  expect(cleared()).toEqual([null, FIRST]);
  await typeOutside();
  await fireEvent.click(
    screen.getAllByRole('radio').find((day) => day.getAttribute('value') === SECOND) ?? document.body,
  );
  await expect.poll(cleared).toEqual([null, SECOND]);
});

it('forgets it, too, when the day that is looked at already is chosen again', async () => {
  await show();
  const shown = [...screen.getAllByRole('radio')].find((day) => day.getAttribute('value') === FIRST) ?? document.body;
  for (const again of [shown, screen.getByText(m['slot.free']())]) {
    await typeDay('2098-01-01');
    await fireEvent.blur(dayField());
    expect(dayField().getAttribute('aria-invalid')).toBe('true');
    await fireEvent.click(again);
    await expect.poll(() => [dayField().getAttribute('aria-invalid'), dayField().value]).toEqual([null, FIRST]);
  }
});

it('tells what time it is in a zone when that is chosen, and not with each minute', async () => {
  await show();
  await fireEvent.click(button(m['zone.change']()));
  const status = (): string => document.querySelector('dialog [role="status"]')?.textContent ?? '';
  expect(status()).toBe('');
  await fireEvent.change(screen.getByLabelText(m['schedule.zoneField']()), { target: { value: 'Pacific/Kiritimati' } });
  await expect.poll(status).toContain('Kiritimati');
  const said = status();
  const shown = (): string | undefined =>
    [...document.querySelectorAll('dialog p:not([role])')].find((line) => line.textContent.includes('Kiritimati'))
      ?.textContent;
  expect(shown()).toBe(said);
  await vi.advanceTimersByTimeAsync(120_000);
  await expect.poll(shown).not.toBe(said);
  expect(status()).toBe(said);
});

it('stays at the day that is looked at in another zone, wherever a chosen time is', async () => {
  const { board, choose } = await show();
  await choose(at(SECOND));
  const far = addDays(TODAY, 40);
  await typeDay(far);
  await expect.poll(() => shownDay()).toBe(far);
  await fireEvent.click(button(m['zone.change']()));
  await fireEvent.change(screen.getByLabelText(m['schedule.zoneField']()), { target: { value: 'Pacific/Kiritimati' } });
  await fireEvent.click(button(m['zone.use']()));
  // Noon is two o'clock of the next day there.
  await expect.poll(() => shownDay()).toBe(addDays(far, 1));
  expect(board.zone).toBe('Pacific/Kiritimati');
});

it('leads on from a week without a free time, and the focus with it to the heading of the week', async () => {
  const { board } = await show();
  const far = addDays(TODAY, 10);
  serve(({ path }) => {
    const from = new URL(path, 'https://clinic.org').searchParams.get('from') ?? '';
    const days = Array.from({ length: 7 }, (_unused, index): SlotDay => {
      const date = addDays(from, index);
      return { date, slots: date === far ? [slotOn(date, 'free')] : [], closed: null };
    });
    return { days, firstFreeDate: far };
  });
  await board.refresh();
  const way = await screen.findByRole('button', { name: m['slot.nextFree']({ date: formatShortDate(far) }) });
  way.focus();
  await fireEvent.click(way);
  await expect.poll(shownDay).toBe(far);
  await expect
    .poll(() => document.activeElement?.textContent)
    .toBe(m['slot.week']({ date: formatLongDate(board.from) }));
});

it('leads to the first free day from wherever somebody is', async () => {
  const { board } = await show();
  await typeDay(addDays(TODAY, 40));
  await expect.poll(() => shownDay()).toBe(addDays(TODAY, 40));
  await fireEvent.click(button(m['slot.toFirstFree']()));
  await expect.poll(() => shownDay()).toBe(FIRST);
  expect(board.from).toBe(TODAY);
});

it('offers no way to before today nor to after the last day, and keeps the focus at the way back', async () => {
  const { board } = await show(undefined, 14);
  expect(screen.queryByRole('button', { name: m['slot.previousWeek']() })).toBeNull();
  const next = button(m['slot.nextWeek']());
  next.focus();
  await fireEvent.click(next);
  await expect.poll(() => screen.queryByRole('button', { name: m['slot.nextWeek']() })).toBeNull();
  await expect.poll(() => document.activeElement).toBe(button(m['slot.previousWeek']()));
  await fireEvent.click(button(m['slot.previousWeek']()));
  await expect.poll(() => document.activeElement).toBe(button(m['slot.nextWeek']()));
  expect(board.from).toBe(TODAY);
});

it('puts the focus at the week when trying again has helped', async () => {
  const { board, cutOff, reconnect } = await show();
  cutOff();
  await board.refresh();
  const again = await screen.findByRole('button', { name: m['action.tryAgain']() });
  reconnect();
  again.focus();
  await fireEvent.click(again);
  await expect.poll(() => document.activeElement?.textContent).toBe(m['slot.week']({ date: formatLongDate(TODAY) }));
});

it('shows times in another zone once it is chosen, with the same day in view, and goes back', async () => {
  const { app, board } = await show();
  const said = vi.spyOn(app.announcer, 'polite');
  await fireEvent.click(button(m['zone.change']()));
  const list = screen.getByLabelText(m['schedule.zoneField']());
  // The zones that are meant most often come first, and each only once.
  const options = [...list.querySelectorAll('option')].map(({ value }) => value);
  expect(options.slice(0, 2)).toEqual([...new Set([viewerZone(), 'UTC'])].concat('Africa/Abidjan').slice(0, 2));
  expect(new Set(options).size).toBe(options.length);
  await fireEvent.change(list, { target: { value: 'Pacific/Kiritimati' } });
  expect(board.zone).toBe('UTC');
  await fireEvent.click(button(m['zone.use']()));
  // 10:00 UTC is midnight of the next day there.
  await expect.poll(() => shownDay()).toBe(SECOND);
  expect(board.zone).toBe('Pacific/Kiritimati');
  const own = cityOf(viewerZone());
  expect(document.body.textContent).toContain(m['zone.shown']({ zone: 'Kiritimati', own }));
  expect(said.mock.calls).toEqual([[m['zone.changed']({ zone: 'Kiritimati' })]]);

  const back = button(m['zone.back']());
  back.focus();
  await fireEvent.click(back);
  await expect.poll(() => document.activeElement).toBe(button(m['zone.change']()));
  expect([board.zone, app.shownZone.isOther]).toEqual([viewerZone(), false]);
});
