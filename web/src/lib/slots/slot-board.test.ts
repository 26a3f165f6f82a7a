import type { SlotDay } from '@health-connect/contract';
import { describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { slotOf } from '../booking/testing/doctor-page.ts';
import { addDays } from '../i18n/calendar-date.ts';
import { SlotBoard } from './slot-board.svelte.ts';

const doctorId = 'd'.repeat(24);
const NOW = Date.parse('2030-05-06T22:30:00Z');

/** A server that answers when it is told to; by default with days that say which week they are. */
function setUp(firstFreeDate: string | null = '2030-05-08', startAt?: string) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const state = { held: false, fails: false, now: NOW };
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: async (input) => {
      const query = new URL(input as string, 'https://clinic.org').searchParams;
      const from = query.get('from') ?? '';
      const mode = query.get('mode');
      asked.push([from, query.get('days'), query.get('timeZone'), ...(mode === null ? [] : [mode])].join(' '));
      if (state.held) await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.fails) throw new TypeError('Failed to fetch');
      const days: SlotDay[] = Array.from({ length: 7 }, (_unused, index) => ({
        date: addDays(from, index),
        slots: addDays(from, index) === firstFreeDate ? [slotOf(firstFreeDate, '10:00', ['video'])] : [],
        closed: 'no-hours',
      }));
      return new Response(JSON.stringify({ days, firstFreeDate }));
    },
  });
  const board = SlotBoard.create({
    call,
    doctorId,
    zone: 'Europe/Berlin',
    now: () => state.now,
    ...(startAt === undefined ? {} : { startAt: new Date(startAt) }),
  });
  return { board, asked, waiting, state };
}

describe('the board of slots', () => {
  it("begins at today of the viewer's calendar, or where a given time is", async () => {
    const { board, asked } = setUp();
    await board.open(true);
    expect([board.from, asked]).toEqual(['2030-05-07', ['2030-05-07 7 Europe/Berlin']]);
    const { board: later } = setUp(null, '2030-05-20T10:00:00Z');
    expect(later.from).toBe('2030-05-14');
  });

  it('goes to the week of the first free day at once, unless a time was asked for', async () => {
    const { board } = setUp('2030-06-01');
    await board.open(true);
    expect(board.from).toBe('2030-05-28');
    const { board: asked } = setUp('2030-06-01', '2030-05-07T10:00:00Z');
    await asked.open(false);
    expect(asked.from).toBe('2030-05-07');
  });

  it('shows another calendar with what was looked at, and nothing of the one before meanwhile', async () => {
    const { board, asked } = setUp();
    await board.open(true);
    const shown = board.changeZone('Pacific/Auckland', new Date('2030-05-13T23:00:00Z'));
    expect([board.zone, board.days]).toEqual(['Pacific/Auckland', undefined]);
    await shown;
    // There it is 14 May, in the second week from 7 May on.
    expect([board.from, asked.at(-1)]).toEqual(['2030-05-14', '2030-05-14 7 Pacific/Auckland']);
    await board.changeZone('Pacific/Auckland', new Date('2030-06-13T23:00:00Z'));
    expect(asked).toHaveLength(2);
  });

  it('goes to the first free day of all, also from a later week', async () => {
    const { board, asked } = setUp('2030-05-20');
    await board.show('2030-07-01');
    expect(await board.showFirstFree()).toBe('2030-05-20');
    expect(asked.slice(1)).toEqual(['2030-05-07 7 Europe/Berlin', '2030-05-14 7 Europe/Berlin']);
    expect(board.from).toBe('2030-05-14');
  });

  it('follows a newer wish, not the search for the first free day that began before', async () => {
    const { board, state, waiting } = setUp('2030-05-20');
    await board.open(false);
    state.held = true;
    const searched = board.showFirstFree();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const moved = board.show('2030-07-01');
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    state.held = false;
    waiting.forEach((answer) => answer());
    await moved;
    expect(await searched).toBeUndefined();
    expect([board.from, board.days?.[0]?.date]).toEqual(['2030-06-25', '2030-06-25']);
  });

  it('keeps what is shown where the first free day cannot be read', async () => {
    const { board, state } = setUp('2030-05-20');
    await board.show('2030-07-01');
    state.fails = true;
    expect(await board.showFirstFree()).toBeUndefined();
    expect([board.from, board.days?.length, board.problem?.kind]).toEqual(['2030-06-25', 7, 'server']);
  });

  it('searches on where the one who looks can choose nothing on the first free day', async () => {
    const { board, asked } = setUp('2030-05-20');
    const find = (days: readonly SlotDay[]) => Promise.resolve(days.find(({ date }) => date === '2030-05-23')?.date);
    expect(await board.showFirstFree(find)).toBe('2030-05-23');
    expect(asked.map((each) => each.slice(0, 10))).toEqual(['2030-05-07', '2030-05-14', '2030-05-21']);
    expect(board.days?.[0]?.date).toBe('2030-05-21');
  });

  it('asks for the first day with the way of meeting that is wanted', async () => {
    const { board, asked } = setUp();
    await board.open(false);
    await board.meetBy('chat');
    await board.meetBy('chat');
    expect(asked.slice(1)).toEqual(['2030-05-07 7 Europe/Berlin chat']);
  });

  it('says that there is none, and when nobody knows', async () => {
    const { board, state } = setUp(null);
    expect(await board.showFirstFree()).toBeNull();
    state.fails = true;
    expect(await board.showFirstFree()).toBeUndefined();
  });

  it('knows that the day has changed while the page was open', async () => {
    const { board, state } = setUp();
    await board.open(false);
    state.now += 24 * 60 * 60_000;
    expect(board.today).toBe('2030-05-08');
    expect(board.isFirstWeek).toBe(true);
  });

  it('begins at the new day after midnight, and shows what it has until that is there', async () => {
    const { board, asked, state, waiting } = setUp();
    await board.open(false);
    await board.catchUp();
    expect(asked).toHaveLength(1);
    state.now += 24 * 60 * 60_000;
    state.held = true;
    const caughtUp = board.catchUp();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    expect(board.days?.[0]?.date).toBe('2030-05-07');
    waiting[0]?.();
    await caughtUp;
    expect([board.from, board.days?.[0]?.date, board.isFirstWeek]).toEqual(['2030-05-08', '2030-05-08', true]);
  });

  it('keeps the days of before midnight where the new ones cannot be read, and reads them when it is asked to', async () => {
    const { board, state } = setUp();
    await board.open(false);
    state.now += 24 * 60 * 60_000;
    state.fails = true;
    await board.catchUp();
    expect([board.days?.[0]?.date, board.problem?.kind]).toEqual(['2030-05-07', 'server']);
    state.fails = false;
    await board.refresh();
    expect([board.days?.[0]?.date, board.problem]).toEqual(['2030-05-08', undefined]);
  });

  it('leaves out no day and shows none twice by going on after midnight', async () => {
    const { board, state } = setUp();
    await board.open(false);
    await board.move(1);
    expect(board.from).toBe('2030-05-14');
    state.now += 24 * 60 * 60_000;
    await board.catchUp();
    expect(board.from).toBe('2030-05-14');
    // The day of a time that is chosen there is shown already.
    await board.show('2030-05-20');
    expect(board.from).toBe('2030-05-14');
    await board.move(1);
    expect(board.from).toBe('2030-05-21');
    await board.move(-1);
    await board.move(-1);
    expect([board.from, board.isFirstWeek]).toEqual(['2030-05-08', true]);
  });

  it('goes on and back by weeks, never before today', async () => {
    const { board } = setUp();
    await board.open(true);
    await board.move(1);
    expect([board.from, board.isFirstWeek, board.days?.[0]?.date]).toEqual(['2030-05-14', false, '2030-05-14']);
    await board.move(-2);
    expect([board.from, board.isFirstWeek]).toEqual(['2030-05-07', true]);
  });

  it('drops the answer for a week that was left', async () => {
    const { board, state, waiting } = setUp();
    await board.open(true);
    state.held = true;
    const first = board.move(1);
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const second = board.move(1);
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    await second;
    waiting[0]?.();
    await first;
    expect(board.days?.[0]?.date).toBe('2030-05-21');
  });

  it('reads again when something in its days changes, and only then', async () => {
    const { board, asked } = setUp();
    await board.open(true);
    const change = (from: string | null, to: string | null) => board.changed({ doctorId, from, to });
    change('2030-06-01T10:00:00.000Z', '2030-06-01T10:20:00.000Z');
    change('2030-05-06T10:00:00.000Z', '2030-05-06T10:20:00.000Z');
    await Promise.resolve();
    expect(asked).toHaveLength(1);
    change('2030-05-13T20:00:00.000Z', '2030-05-13T20:20:00.000Z');
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    change(null, null);
    await vi.waitFor(() => expect(asked).toHaveLength(3));
  });

  it('reads again for a change anywhere while nothing is free: the first free day may be a new one', async () => {
    const { board, asked } = setUp(null);
    await board.open(true);
    board.changed({ doctorId, from: '2030-06-01T10:00:00.000Z', to: '2030-06-01T10:20:00.000Z' });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
  });

  it('makes one request of many changes at once, and none is missed', async () => {
    const { board, asked, state, waiting } = setUp();
    await board.open(true);
    state.held = true;
    const reads = [board.refresh(), board.refresh(), board.refresh()];
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    expect(asked).toHaveLength(2);
    state.held = false;
    waiting[0]?.();
    await Promise.all(reads);
    await vi.waitFor(() => expect(asked).toHaveLength(3));
  });

  it('keeps the days when they cannot be read again, and says so', async () => {
    const { board, state } = setUp();
    await board.open(true);
    state.fails = true;
    await board.refresh();
    expect([board.days?.length, board.problem?.kind]).toEqual([7, 'server']);
    state.fails = false;
    await board.refresh();
    expect(board.problem).toBeUndefined();
  });
});
