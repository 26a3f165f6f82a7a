import type { Slot, SlotState } from '@health-connect/contract';
import { flushSync } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { serve } from '../api/testing/server.ts';
import { m } from '../paraglide/messages.js';
import { SlotBoard } from '../slots/slot-board.svelte.ts';
import { newVisit } from './flows.ts';
import { slotOf } from './testing/doctor-page.ts';
import { TimeChoice } from './time-choice.svelte.ts';

const DATE = '2098-05-06';
const at = (time: string): string => `${DATE}T${time}:00.000Z`;
const slot = (time: string, state: SlotState): Slot => slotOf(DATE, time, ['video'], { state });
const doctor = { doctorName: 'Dr Lima', timeZone: 'UTC' };

let stop: (() => void) | undefined;
afterEach(() => {
  stop?.();
  vi.unstubAllGlobals();
});

/** A chosen time of a doctor whose page is open to a visitor, for whom nothing can be kept. */
async function show(chosen: string) {
  const states: Record<string, SlotState> = { '09:00': 'free', '10:00': 'free', '11:00': 'taken', '12:00': 'free' };
  serve(() => ({
    days: [{ date: DATE, slots: Object.entries(states).map(([time, state]) => slot(time, state)), closed: null }],
    firstFreeDate: DATE,
  }));
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
  });
  const now = (): number => Date.parse(at('08:00'));
  const board = SlotBoard.create({ call, doctorId: 'd'.repeat(24), zone: 'UTC', now });
  const flow = newVisit(call, board.doctorId);
  const left: (string | undefined)[] = [];
  stop = $effect.root(() => {
    TimeChoice.use({
      flow,
      board,
      doctor,
      time: () => chosen,
      keep: () => false,
      toTime: (time) => void left.push(time),
    });
  });
  await board.open(false);
  flushSync();
  return {
    flow,
    left,
    take: async (time: string) => {
      states[time] = 'taken';
      await board.refresh();
      flushSync();
    },
  };
}

it('tells a visitor that somebody else has the chosen time now, and which are free after it', async () => {
  const { flow, left, take } = await show(at('10:00'));
  expect([flow.chosen, flow.refusal]).toEqual([at('10:00'), undefined]);
  await take('10:00');
  expect(flow.chosen).toBeUndefined();
  expect(flow.refusal?.text).toBe(m['book.taken']());
  expect(flow.refusal?.offers.map((offer) => offer.slot.startsAt)).toEqual([at('12:00')]);
  expect(left).toEqual([undefined]);
});
