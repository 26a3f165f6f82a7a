import type { Slot, SlotDay, SlotState } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { dayWords, timeWords } from './day-words.ts';
import { slotAfterKey, tabStop } from './slot-keys.ts';
import { partOf, shownDays, shownState } from './slot-view.ts';

const slot = (startsAt: string, state: SlotState = 'free'): Slot => ({
  slotNumber: 1,
  startsAt,
  endsAt: startsAt,
  date: startsAt.slice(0, 10),
  startTime: '09:00',
  endTime: '09:20',
  modes: ['video'],
  state,
});
const day = (date: string, slots: Slot[]): SlotDay => ({ date, slots, closed: null });

const NOW = Date.parse('2030-05-06T08:00:00Z');
const context = { nowMs: NOW, chosen: undefined, kept: false, noticeMinutes: 60 };
const at = (time: string, date = '2030-05-06'): string => `${date}T${time}:00.000Z`;

describe('what a slot looks like', () => {
  it('follows the server, and the clock while the page is open', () => {
    expect(shownState(slot(at('12:00')), context)).toBe('free');
    expect(shownState(slot(at('12:00'), 'taken'), context)).toBe('taken');
    expect(shownState(slot(at('08:00')), context)).toBe('past');
    expect(shownState(slot(at('08:59')), context)).toBe('soon');
    expect(shownState(slot(at('09:00')), context)).toBe('free');
    expect(shownState(slot(at('12:00')), { ...context, nowMs: Date.parse(at('11:30')) })).toBe('soon');
  });

  it('shows what the person chose, and what is kept for them even where the server says taken', () => {
    const mine = { ...context, chosen: at('12:00') };
    expect(shownState(slot(at('12:00')), mine)).toBe('chosen');
    expect(shownState(slot(at('12:00'), 'taken'), mine)).toBe('taken');
    expect(shownState(slot(at('12:00'), 'taken'), { ...mine, kept: true })).toBe('held');
    expect(shownState(slot(at('13:00')), { ...mine, kept: true })).toBe('free');
  });

  it('is no free time where it clashes with another appointment of the person; where one ends there is room', () => {
    const wanted = { ...slot(at('12:00')), endsAt: at('12:20') };
    const busy = (from: string, to: string) => ({ ...context, busy: [{ startsAt: at(from), endsAt: at(to) }] });
    expect(shownState(wanted, busy('12:10', '12:30'))).toBe('busy');
    expect(shownState(wanted, busy('11:00', '13:00'))).toBe('busy');
    expect(shownState(wanted, busy('12:20', '12:40'))).toBe('free');
    expect(shownState(wanted, busy('11:40', '12:00'))).toBe('free');
    expect(shownState({ ...wanted, state: 'taken' }, busy('12:00', '12:20'))).toBe('taken');
  });

  it('is free only with the way of meeting that is wanted', () => {
    const chat = { ...slot(at('12:00')), modes: ['chat' as const] };
    expect(shownState(chat, { ...context, mode: 'video' })).toBe('other-mode');
    expect(shownState(chat, { ...context, mode: 'chat' })).toBe('free');
    expect(shownState(chat, context)).toBe('free');
    expect(
      shownDays([day('2030-05-06', [chat])], 'UTC', { ...context, mode: 'video' }, { filter: 'all' })[0]?.freeCount,
    ).toBe(0);
  });

  it('names a day by the other way of meeting where it has nothing else, and not as full', () => {
    const chat = (time: string) => ({ ...slot(at(time)), modes: ['chat' as const] });
    const wordsOf = (slots: Slot[]): string[] =>
      shownDays([day('2030-05-06', slots)], 'UTC', { ...context, mode: 'video' }, { filter: 'coming' }).map(dayWords);
    expect(wordsOf([slot(at('07:00')), chat('12:00'), chat('13:00')])).toEqual([m['slot.onlyChat']()]);
    expect(wordsOf([slot(at('12:00'), 'taken')])).toEqual([m['slot.dayFull']()]);
    expect(wordsOf([slot(at('07:00'))])).toEqual([m['slot.dayOver']()]);
  });

  it('binds doctors by no notice', () => {
    expect(shownState(slot(at('08:30'), 'soon'), { ...context, noticeMinutes: 0 })).toBe('free');
  });

  it('stands under its part of the day in the viewer’s zone', () => {
    const [shown] = shownDays([day('2030-05-06', [slot(at('10:30')), slot(at('22:00'))])], 'Asia/Kolkata', context, {
      filter: 'all',
    });
    expect(shown?.slots.map(partOf)).toEqual(['afternoon', 'morning']);
    expect(shown?.slots.map(({ minute }) => minute)).toEqual([16 * 60, 3 * 60 + 30]);
  });

  it('is folded away when it is over, and counted', () => {
    const days = [day('2030-05-06', [slot(at('07:00')), slot(at('07:30'), 'taken'), slot(at('11:00'))])];
    expect(shownDays(days, 'UTC', context, { filter: 'coming' })[0]).toMatchObject({
      pastCount: 2,
      count: 3,
      slots: [{ state: 'free' }],
    });
    expect(shownDays(days, 'UTC', context, { filter: 'all' })[0]?.slots.map(({ state }) => state)).toEqual([
      'past',
      'past',
      'free',
    ]);
  });

  it('can be left out unless it is free', () => {
    const days = [day('2030-05-06', [slot(at('10:00'), 'taken'), slot(at('11:00'))])];
    expect(shownDays(days, 'UTC', context, { filter: 'free' })[0]?.slots).toHaveLength(1);
    expect(shownDays(days, 'UTC', context, { filter: 'all' })[0]).toMatchObject({ freeCount: 1 });
  });

  it('stays where it is while it has the focus, whatever becomes of it', () => {
    const days = [day('2030-05-06', [slot(at('10:00'), 'taken'), slot(at('10:30'), 'taken'), slot(at('11:00'))])];
    const [shown] = shownDays(days, 'UTC', context, { filter: 'free', keep: at('10:30') });
    expect(shown?.slots.map(({ state }) => state)).toEqual(['taken', 'free']);
  });
});

describe('how times are written', () => {
  const date = '2026-10-25';
  const slots = ['00:30', '01:30', '02:30'].map((time) => slot(`${date}T${time}:00.000Z`));
  const wordsOf = (of: Slot[], filter: 'all' | 'free'): string[] => {
    const [shown] = shownDays([day(date, of)], 'Europe/Berlin', { ...context, nowMs: 0 }, { filter });
    return shown === undefined
      ? []
      : [...timeWords(shown, 'Europe/Berlin', 'en-GB').values()].map((text) => text.replace(/^0/, ''));
  };
  const [before, after] = [m['time.beforeChange']({ time: '2:30' }), m['time.afterChange']({ time: '2:30' })];

  it('tells the two apart where the clock shows a time twice, and only there', () => {
    expect(wordsOf(slots, 'all')).toEqual([before, after, '3:30']);
  });

  it('does so where the other one is not shown', () => {
    const [first, second] = slots;
    if (first === undefined || second === undefined) throw new Error('There are three');
    expect(wordsOf([{ ...first, state: 'taken' }, second], 'free')).toEqual([after]);
  });
});

describe('keys on the times', () => {
  const days = shownDays(
    [
      day('2030-05-06', [slot(at('10:00'), 'taken'), slot(at('11:00')), slot(at('12:00')), slot(at('13:00'), 'taken')]),
      day('2030-05-07', []),
      day('2030-05-08', [slot(at('09:00', '2030-05-08')), slot(at('12:10', '2030-05-08'))]),
    ],
    'UTC',
    context,
    { filter: 'all' },
  );
  const press = (from: string, key: string, rtl = false) => slotAfterKey(days, from, key, rtl);

  it('go up and down within the day and stop at its ends', () => {
    expect(press(at('11:00'), 'ArrowDown')).toBe(at('12:00'));
    expect(press(at('11:00'), 'ArrowUp')).toBe(at('10:00'));
    expect(press(at('10:00'), 'ArrowUp')).toBeUndefined();
    expect(press(at('13:00'), 'ArrowDown')).toBeUndefined();
  });

  it('go to the nearest time of the next day that has any', () => {
    expect(press(at('12:00'), 'ArrowRight')).toBe(at('12:10', '2030-05-08'));
    expect(press(at('09:00', '2030-05-08'), 'ArrowLeft')).toBe(at('10:00'));
    expect(press(at('12:00'), 'ArrowLeft')).toBeUndefined();
  });

  it('follow the direction of writing', () => {
    expect(press(at('12:00'), 'ArrowLeft', true)).toBe(at('12:10', '2030-05-08'));
    expect(press(at('12:00'), 'ArrowRight', true)).toBeUndefined();
  });

  it('lead to the first and last free time of the day', () => {
    expect(press(at('13:00'), 'Home')).toBe(at('11:00'));
    expect(press(at('10:00'), 'End')).toBe(at('12:00'));
  });

  it('go through the times of one day in both directions when it is shown alone', () => {
    const one = days.slice(0, 1);
    expect(slotAfterKey(one, at('11:00'), 'ArrowRight', false)).toBe(at('12:00'));
    expect(slotAfterKey(one, at('11:00'), 'ArrowRight', true)).toBe(at('10:00'));
  });

  it('leave other keys alone', () => {
    expect(press(at('11:00'), 'Enter')).toBeUndefined();
    expect(press('elsewhere', 'ArrowDown')).toBeUndefined();
  });

  it('begin at the chosen time, else the last one, else the first free one', () => {
    expect(tabStop(days, [at('12:00'), at('10:00')])).toBe(at('12:00'));
    expect(tabStop(days, [undefined, at('10:00')])).toBe(at('10:00'));
    expect(tabStop(days, ['gone'])).toBe(at('11:00'));
    expect(tabStop([], [])).toBeUndefined();
  });
});
