import type { Hold } from '@health-connect/contract';
import { cleanup, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { serve } from '../api/testing/server.ts';
import { formatTime, viewerZone } from '../i18n/format.ts';
import { m } from '../paraglide/messages.js';
import { SlotBoard } from '../slots/slot-board.svelte.ts';
import { newVisit } from './flows.ts';
import { WARNING_MS } from './hold-keeper.svelte.ts';
import HoldLine from './HoldLine.svelte';
import KeptTime from './KeptTime.svelte';
import { TimeChoice } from './time-choice.svelte.ts';

const NOW = Date.parse('2090-05-06T08:00:00.000Z');
const STARTS_AT = '2090-05-06T10:00:00.000Z';
/** Appointments are looked at in another zone than the one whose clock the person sees. */
const ELSEWHERE = viewerZone() === 'Asia/Kolkata' ? 'Asia/Tokyo' : 'Asia/Kolkata';
const hold: Hold = {
  id: 'a'.repeat(24),
  doctorId: 'd'.repeat(24),
  startsAt: STARTS_AT,
  endsAt: STARTS_AT,
  expiresAt: new Date(NOW + 600_000).toISOString(),
  extensionsLeft: 2,
};

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("tells until when a time is kept by the device's own clock, in whatever zone times are looked at", async () => {
  serve(() => ({ hold }));
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
  });
  const board = SlotBoard.create({ call, doctorId: hold.doctorId, zone: ELSEWHERE, now: Date.now });
  const flow = newVisit(call, hold.doctorId);
  await flow.choose(STARTS_AT, true);
  const ends = new Date(flow.keeper.endsMs);
  const time = formatTime(ends, { zone: viewerZone() });
  expect(time).not.toBe(formatTime(ends, { zone: ELSEWHERE }));

  const doctor = { doctorName: 'Dr Lima', timeZone: 'UTC' };
  const stop = $effect.root(() => {
    const parts = { flow, board, doctor, time: () => STARTS_AT, keep: () => true, toTime: () => undefined };
    expect(TimeChoice.use(parts).keptUntil).toBe(time);
  });
  stop();

  render(HoldLine, { keeper: flow.keeper, onagain: () => undefined });
  expect(screen.getByRole('status').textContent).toContain(m['book.held']({ time }));

  render(KeptTime, { flow, board, onreturn: () => undefined });
  vi.advanceTimersByTime(600_000 - WARNING_MS);
  flushSync();
  expect(screen.getByRole('dialog').textContent).toContain(m['book.ending']({ time }));
});
